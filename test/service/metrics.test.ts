import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { METRICS } from '../../src/telemetry/definitions.ts'
import { head, RawConnection } from '../http/raw.ts'
import { freePort } from '../support/free-port.ts'
import { type MetricFamily, parseOpenMetrics, sumOf } from '../support/open-metrics.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { startServiceProcess } from '../support/process.ts'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../support/service.ts'

const METRICS_LISTEN = { 'metrics-listen': '127.0.0.1:0' }

async function read(service: TestService): Promise<ReadonlyMap<string, MetricFamily>> {
  return parseOpenMetrics(await (await fetch(service.service.metricsUrl!)).text())
}

async function workersOf(pid: number | undefined): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(/\s+/).filter(Boolean).map(Number)
}

const image = (n: number) => ({ resource_type: 'images', resource_id: `i${n}`, tags: [{ key: 'k', value: 'v' }] })
const requests = (families: ReadonlyMap<string, MetricFamily>, operation: string, status: string) =>
  sumOf(families, 'tagwerk_requests_total', { operation, status })

/** A new connection per call, so that any worker may accept it. */
const headers = { connection: 'close' }

describe.each([1, 2])('the metrics of %i workers', (workers) => {
  let service: TestService

  beforeAll(async () => {
    service = await startTestService({ flags: { ...METRICS_LISTEN, workers: String(workers) } })
  })
  afterAll(() => service.stop())

  it('count each call of an operation by the class of its status, and its time', async () => {
    const path = `/v2/${service.project}/images`
    const before = await read(service)
    expect((await service.register(image(1), image(2))).status).toBe(200)
    const calls = Array.from({ length: 200 }, async (_, i) => {
      const body = { tag: { key: `k${i % 5}`, value: `${i}` } }
      const id = i % 4 === 0 ? 'missing' : 'i1'
      return (await service.call('POST', `${path}/${id}/tags`, { body, headers })).status
    })
    const statuses = await Promise.all(calls)
    const refused = statuses.filter((status) => status === 404).length
    expect([statuses.length, refused]).toEqual([200, 50])
    for (let i = 0; i < 20; i++) await service.call('GET', `${path}/i1/tags`, { headers })
    await service.call('GET', `${path}/i1/tags`, { headers, token: null })
    await service.call('GET', '/nowhere', { headers })

    const after = await read(service)
    expect(requests(after, 'AddImageTag', '2xx')).toBe(150)
    expect(requests(after, 'AddImageTag', '4xx')).toBe(50)
    expect(requests(after, 'ListImageTags', '2xx')).toBe(20)
    expect(requests(after, 'ListImageTags', '4xx')).toBe(1)
    expect(requests(after, 'unrouted', '4xx')).toBe(1)
    const count = (families: typeof after, name: string, labels = {}) => sumOf(families, `${name}_count`, labels)
    const operation = { operation: 'AddImageTag', family: 'ims-v2' }
    expect(count(after, 'tagwerk_request_duration_seconds', operation)).toBe(200)
    expect(sumOf(after, 'tagwerk_request_duration_seconds_sum', operation)).toBeGreaterThan(0)
    // 200 calls with one write each, and an import of two resources in one call.
    expect(count(after, 'tagwerk_write_wait_seconds') - count(before, 'tagwerk_write_wait_seconds')).toBe(201)
    expect(sumOf(after, 'tagwerk_commit_writes_sum')).toBe(202)
    expect(count(after, 'tagwerk_commit_duration_seconds')).toBe(count(after, 'tagwerk_commit_writes'))
    expect(count(after, 'tagwerk_commit_writes')).toBeGreaterThan(0)
    expect(sumOf(after, 'tagwerk_requests_in_flight')).toBe(0)
    expect(sumOf(after, 'tagwerk_write_queue_length')).toBe(0)
  })

  it('show memory, indexes, the event loop and the write-ahead log', async () => {
    for (let i = 0; i < 20; i++) await service.call('GET', `/v2/${service.project}/images/i1/tags`, { headers })
    await expect
      .poll(async () => sumOf(await read(service), 'tagwerk_event_loop_delay_seconds_count'))
      .toBeGreaterThan(0)
    const families = await read(service)
    const value = (name: string) => sumOf(families, name)
    expect(value('tagwerk_workers')).toBe(workers)
    expect(value('tagwerk_indexes')).toBeGreaterThanOrEqual(1)
    expect(value('tagwerk_index_bytes')).toBeGreaterThan(0)
    expect(value('tagwerk_index_loads_total')).toBeGreaterThanOrEqual(1)
    expect(value('tagwerk_index_limit_bytes')).toBe(workers * 2 ** 30)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(2 ** 24)
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(Math.abs(value('process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(3600)
    expect(families.get('tagwerk_store_wal_bytes')?.lines).toHaveLength(1)
    const checkpoints = async () => sumOf(await read(service), 'tagwerk_store_checkpoints_total', { outcome: 'done' })
    await expect.poll(checkpoints).toBeGreaterThan(0)
    expect(families.get('tagwerk_build_info')?.lines[0]?.labels.version).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('contain exactly the metrics that are defined, and no label with an id or a tag', async () => {
    const families = await read(service)
    const names = Object.values(METRICS).map(({ name }) => name.replace(/_total$/, ''))
    expect([...families.keys()].toSorted()).toEqual(names.toSorted())
    const labels = [...families.values()].flatMap(({ lines }) => lines.flatMap((line) => Object.keys(line.labels)))
    const known = ['outcome', 'family', 'operation', 'status', 'reason', 'le', 'version', 'use', 'state']
    expect(labels.filter((label) => !known.includes(label))).toEqual([])
    const texts = [...families.values()].flatMap(({ lines }) => lines.flatMap((line) => Object.values(line.labels)))
    expect(texts.filter((text) => text === service.project || /^(i1|missing|k\d)$/.test(text))).toEqual([])
  })
})

describe('the address of the metrics', () => {
  it('answers only reads of /metrics, and the address of the service has no metrics', async () => {
    const service = await startTestService({ flags: METRICS_LISTEN })
    const url = service.service.metricsUrl!
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
    const statusOf = async (path: string, method = 'GET') => (await fetch(new URL(path, url), { method })).status
    expect(await statusOf('/metrics?x=1')).toBe(200)
    expect(await statusOf('/metrics', 'HEAD')).toBe(200)
    expect(await statusOf('/metrics', 'POST')).toBe(405)
    expect(await statusOf('/')).toBe(404)
    expect((await service.call('GET', '/metrics')).status).toBe(404)
    await service.stop()
    await expect(fetch(url)).rejects.toThrow()
  })

  it('is not listened on without the setting', async () => {
    const service = await startTestService()
    expect(service.service.metricsUrl).toBeUndefined()
    await service.stop()
  })

  it('that is in use fails the start and names the setting', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const starting = startTestService({ flags: { 'metrics-listen': `127.0.0.1:${port}` } })
    await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE', setting: 'metrics-listen' })
    taken.close()
  })
})

describe('the metrics of a service at its limits', () => {
  it('count refused writes by their reason', async () => {
    const flags = { ...METRICS_LISTEN, 'write-queue-max': '1' }
    const service = await startTestService({ flags })
    expect((await service.register(image(1))).status).toBe(200)
    const path = `/v2/${service.project}/images/i1/tags`
    const writes = Array.from({ length: 30 }, (_, i) =>
      service.call('POST', path, { body: { tag: { key: `k${i % 3}`, value: `${i}` } } }),
    )
    const refused = (await Promise.all(writes)).filter(({ status }) => status === 503).length
    expect(refused).toBeGreaterThan(0)
    const families = await read(service)
    expect(sumOf(families, 'tagwerk_refusals_total', { reason: 'overloaded' })).toBe(refused)
    expect(requests(families, 'AddImageTag', '5xx')).toBe(refused)
    expect(sumOf(families, 'tagwerk_write_queue_limit')).toBe(1)
    await service.stop()
  })

  it('count a failed login that is throttled', async () => {
    const service = await startTestService({ flags: METRICS_LISTEN })
    const user = { name: 'admin', password: 'wrong', domain: { name: 'default' } }
    const body = { auth: { identity: { methods: ['password'], password: { user } } } }
    let throttled = 0
    for (let i = 0; i < 12; i++) {
      const { status } = await service.call('POST', '/v3/auth/tokens', { body, token: null })
      if (status === 429) throttled++
    }
    expect(throttled).toBeGreaterThan(0)
    expect(sumOf(await read(service), 'tagwerk_refusals_total', { reason: 'throttled' })).toBe(throttled)
    await service.stop()
  })
})

describe('the metrics of connections and of a stop', () => {
  it('count a request whose client leaves before its end, and connections above the limit', async () => {
    const service = await startTestService({ flags: { ...METRICS_LISTEN, 'connections-max': '3' } })
    const leaving = new RawConnection(service.url)
    const headers = { 'X-Auth-Token': service.token, 'Content-Length': 100 }
    leaving.write(`${head('POST', `/v2/${service.project}/images/i1/tags`, headers)}{"tag"`)
    await expect.poll(async () => sumOf(await read(service), 'tagwerk_requests_in_flight')).toBe(1)
    leaving.destroy()
    await expect.poll(async () => requests(await read(service), 'AddImageTag', 'aborted')).toBe(1)

    const others = Array.from({ length: 6 }, () => new RawConnection(service.url))
    await expect.poll(async () => sumOf(await read(service), 'tagwerk_connections_dropped_total')).toBeGreaterThan(0)
    expect(sumOf(await read(service), 'tagwerk_connections')).toBeLessThanOrEqual(3)
    for (const other of others) other.destroy()
    await service.stop()
  })

  it('are readable while a service stops, and count the requests that it refuses', async () => {
    const service = await startTestService({ flags: { ...METRICS_LISTEN, 'stop-timeout-seconds': '2' } })
    const open = [new RawConnection(service.url), new RawConnection(service.url)] as const
    const text = head('GET', `/v2/${service.project}/images/i1/tags`, { 'X-Auth-Token': service.token })
    for (const connection of open) connection.write(text.slice(0, -2))
    await new Promise((resolve) => setTimeout(resolve, 100))
    const stopped = service.stop()
    await new Promise((resolve) => setTimeout(resolve, 50))
    open[0].write(text.slice(-2))
    expect((await open[0].answer()).status).toBe(503)
    expect(sumOf(await read(service), 'tagwerk_refusals_total', { reason: 'stopping' })).toBe(1)
    open[1].destroy()
    await stopped
    await expect(fetch(service.service.metricsUrl!)).rejects.toThrow()
  })
})

describe('the metrics of workers that exit', () => {
  it('do not fall when a worker is killed, and count its restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-metrics-'))
    const port = await freePort()
    const flags = ['--workers', '2', '--metrics-listen', `127.0.0.1:${port}`]
    const service = await startServiceProcess(folder, ADMIN_PASSWORD, flags)
    const families = async () => parseOpenMetrics(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
    const counted = async () => sumOf(await families(), 'tagwerk_requests_total', { operation: 'unrouted' })
    const call = async () => {
      for (let i = 0; i < 20; i++) await fetch(`${service.url}/nowhere`, { headers })
    }
    await expect
      .poll(() =>
        families().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await call()
    expect(await counted()).toBe(20)
    const [victim] = await workersOf(service.child.pid)
    process.kill(victim!, 'SIGKILL')
    const restarts = async () => sumOf(await families(), 'tagwerk_worker_restarts_total')
    await expect.poll(restarts).toBe(1)
    expect(await counted()).toBe(20)
    await expect.poll(async () => sumOf(await families(), 'tagwerk_workers')).toBe(2)
    await call()
    expect(await counted()).toBe(40)
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  })
})

describe('the metrics of nodes over PostgreSQL', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(() => database.drop())

  it('show connections by use, and how far the index of a node was behind the writes of another', async () => {
    const flags = { ...METRICS_LISTEN, store: database.url, migrate: 'on', 'store-connections-max': '8' }
    const a = await startTestService({ flags })
    const b = await startTestService({ flags })
    const path = `/v2/${a.project}/images/i1/tags`
    expect((await a.register(image(1))).status).toBe(200)
    expect((await b.call('GET', path)).status).toBe(200)
    for (let i = 0; i < 3; i++) await a.call('POST', path, { body: { tag: { key: `k${i}`, value: 'v' } } })
    expect((await b.call('GET', path)).body.tags).toHaveLength(4)
    const families = await read(b)
    expect(sumOf(families, 'tagwerk_index_lag_revisions_count')).toBe(1)
    expect(sumOf(families, 'tagwerk_index_lag_revisions_sum')).toBe(3)
    expect(sumOf(families, 'tagwerk_store_connections', { use: 'read' })).toBeGreaterThan(0)
    expect(sumOf(families, 'tagwerk_store_connections_limit')).toBe(8)
    expect(sumOf(families, 'tagwerk_store_connections_waiting')).toBe(0)
    expect(families.get('tagwerk_store_wal_bytes')?.lines).toEqual([])
    await Promise.all([a.stop(), b.stop()])
  })
})
