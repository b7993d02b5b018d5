import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, start, until } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { startServiceProcess } from '../support/process.ts'
import { ADMIN_PASSWORD, connectTestService, startTestService, type TestService } from '../support/service.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

// A real service over PostgreSQL, from the command line to the database.

const IMAGE = '67e17426-359e-49fb-aa12-0bd1756ec240'
const INSTANCE = '4b3ce5f0aa404fbd9ba8a3b7e5ac5f9fin07'

let database: TestDatabase
let proxy: TcpProxy
beforeAll(async () => {
  database = await createDatabase()
  proxy = await startTcpProxy(database.url)
})
afterAll(async () => {
  await proxy.stop()
  await database.drop()
})

describe('a service over PostgreSQL', () => {
  let nodes: readonly TestService[]
  const one = () => nodes[0] as TestService
  const other = () => nodes[1] as TestService
  beforeAll(async () => {
    const flags = { store: proxy.url, migrate: 'on', 'store-connect-timeout-ms': '3000' }
    nodes = [await startTestService({ flags }), await startTestService({ flags })]
    await one().register(
      { resource_type: 'images', resource_id: IMAGE, resource_name: 'ubuntu-24.04', resource_detail: {} },
      { resource_type: 'instances', resource_id: INSTANCE, resource_name: 'db', resource_detail: {} },
    )
  })
  afterAll(async () => {
    for (const node of nodes) await node.stop()
  })

  const isReady = async (node: TestService) => (await fetch(`${node.url}/readyz`)).status === 200

  it('each of the five tag calls sees the effect of the one before on another node', async () => {
    const { project } = one()
    const body = { tag: { key: 'env', value: 'prod' } }
    expect((await one().call('POST', `/v2/${project}/images/${IMAGE}/tags`, { body })).status).toBe(204)
    expect((await other().call('GET', `/v2/${project}/images/${IMAGE}/tags`)).body.tags).toEqual([body.tag])
    const query = { action: 'filter', limit: '10', tags: [{ key: 'env', values: ['prod'] }] }
    const path = `/v2/${project}/images/resource_instances/action`
    expect((await one().call('POST', path, { body: query })).body).toMatchObject({ total_count: 1 })
    const tags = { action: 'create', tags: [{ key: 'env', value: 'staging' }] }
    const added = await one().call('POST', `/v3/${project}/instances/${INSTANCE}/tags/action`, { body: tags })
    expect(added.status).toBe(200)
    const inUse = await other().call('GET', `/v3/${project}/tags?offset=0&limit=100`)
    expect(inUse.body).toEqual({ total_count: 1, tags: [{ key: 'env', values: ['staging'] }] })
    const ofInstance = await one().call('GET', `/v3/${project}/instances/${INSTANCE}/tags?offset=0&limit=100`)
    expect(ofInstance.body).toEqual({ total_count: 1, tags: [{ key: 'env', value: 'staging' }] })
  })

  it('requests are answered with 503 while the database is unreachable, and normally afterwards without a restart', async () => {
    const { project } = one()
    const path = `/v2/${project}/images/${IMAGE}/tags`
    for (const fate of ['cut', 'swallowed'] as const) {
      proxy.decide(() => fate)
      for (const node of nodes) {
        for (const answer of [
          await node.call('GET', path),
          await node.call('POST', path, { body: { tag: { key: 'lost', value: fate } } }),
        ]) {
          expect(answer.status).toBe(503)
          expect(answer.headers.get('retry-after')).toBe('1')
        }
        expect(await isReady(node)).toBe(false)
        expect((await fetch(`${node.url}/healthz`)).status).toBe(200)
      }
      proxy.decide(() => 'passed')
      for (const node of nodes) while (!(await isReady(node))) await new Promise((resolve) => setTimeout(resolve, 20))
      const { body } = await other().call('GET', path)
      expect(body.tags).toEqual([{ key: 'env', value: 'prod' }])
    }
  })

  it('an outage is a few lines of the log for any number of refused requests', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-outage-'))
    const program = [process.execPath, join(import.meta.dirname, '../support/cheap-service.ts')] as const
    const flags = ['--store', proxy.url, '--security-log', 'off']
    const started = await startServiceProcess(folder, ADMIN_PASSWORD, flags, program)
    let log = ''
    started.child.stderr?.on('data', (chunk: Buffer) => (log += chunk))
    const node = await connectTestService(started.url, folder)
    const path = `/v2/${node.project}/images/${IMAGE}/tags`
    proxy.decide(() => 'cut')
    const refused = async (i: number) => {
      const body = { tag: { key: 'outage', value: `${i}` } }
      return (await node.call(i % 2 === 0 ? 'POST' : 'GET', path, i % 2 === 0 ? { body } : {})).status
    }
    for (let i = 0; i < 300; i++) expect(await refused(i)).toBe(503)
    proxy.decide(() => 'passed')
    while (!(await isReady(node))) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await started.stop()).toBe(0)
    await rm(folder, { recursive: true, force: true })
    const lines = log.trim().split('\n')
    expect(lines.filter((line) => line.includes('database unreachable'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('database reachable again'))).toHaveLength(1)
    expect(lines.length, log).toBeLessThan(8)
  })

  it('a token revoked on one node is answered with 401 on the other', async () => {
    const token = await one().tokenFor('default')
    const path = `/v2/${one().project}/images/${IMAGE}/tags`
    expect((await other().call('GET', path, { token })).status).toBe(200)
    await one().call('DELETE', '/v3/auth/tokens', { headers: { 'x-subject-token': token } })
    expect((await other().call('GET', path, { token })).status).toBe(401)
  })
})

describe('the command line over PostgreSQL', () => {
  it('serve asks for a migration, migrate does it, and no output contains the password', async () => {
    const own = await createDatabase()
    try {
      const url = new URL(own.url)
      url.password = 'hunter2'
      const env = { TAGWERK_STORE: url.href, TAGWERK_ADMIN_PASSWORD: 'chosen for this test' }
      const serve = ['serve', '--listen', '127.0.0.1:0', '--log-level', 'fatal', '--store-connect-timeout-ms', '3000']
      const early = await run(serve, { env })
      expect(early.code).toBe(1)
      expect(early.stderr).toMatch(/^error: the database has no schema of Tagwerk yet: run "tagwerk migrate"/)
      const shown = `postgres://${url.username}@${url.host}${url.pathname}`
      const migrated = await run(['migrate'], { env })
      expect(migrated).toMatchObject({ code: 0, stderr: '' })
      expect(migrated.stdout).toMatch(/^The schema in postgres:\/\/\S+ is up to date \(version \d+\)\.\n$/)
      expect(migrated.stdout).toContain(shown)
      const serving = start([...serve, '--migrate'], { env })
      await until(() => (serving.stdout().includes('answers on') ? true : undefined))
      expect(serving.stdout()).toContain(`(data in ${shown})`)
      serving.signal('SIGTERM')
      const ended = await serving.done
      const help = await run(['serve', '--help'], { env })
      for (const { stdout, stderr } of [early, migrated, ended, help]) expect(stdout + stderr).not.toContain('hunter2')
    } finally {
      await own.drop()
    }
  })
})
