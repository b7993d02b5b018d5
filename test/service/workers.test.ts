import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { startServiceProcess } from '../support/process.ts'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../support/service.ts'

// --workers: several processes behind one port. `test/linear` checks that killing them never shows a stale answer.

/** Repeats a request over one keep-alive connection. Resolves with the longest run of requests without an answer. */
async function repeatRequest(
  url: string,
  until: Promise<unknown>,
): Promise<{ answers: number; failuresInRow: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let isOver = false
  void until.then(() => (isOver = true))
  let answers = 0
  let failures = 0
  let failuresInRow = 0
  while (!isOver) {
    const isAnswered = await new Promise<boolean>((resolve) => {
      const sent = request(`${url}/readyz`, { agent }, (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode === 200))
      })
      sent.once('error', () => resolve(false))
      sent.end()
    })
    answers++
    failures = isAnswered ? 0 : failures + 1
    failuresInRow = Math.max(failuresInRow, failures)
  }
  agent.destroy()
  return { answers, failuresInRow }
}

async function workersOf(pid: number | undefined): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(/\s+/).filter(Boolean).map(Number)
}

/** Polls a condition, for at most a minute. */
async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await isTrue()) return
    await pause(50)
  }
  throw new Error('the condition did not become true in time')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const image = (n: number) => ({
  resource_type: 'images',
  resource_id: `id-${n}`,
  tags: [{ key: 'k', value: `v${n % 3}` }],
})

describe.each(['SQLite', 'PostgreSQL'])('workers over %s', (engine) => {
  let database: TestDatabase | undefined
  let service: TestService

  beforeAll(async () => {
    database = engine === 'PostgreSQL' ? await createDatabase() : undefined
    const url = database === undefined ? {} : { store: database.url, migrate: 'on' }
    service = await startTestService({ flags: { workers: '3', 'log-level': 'fatal', ...url } })
  })
  afterAll(async () => {
    await service.stop()
    await database?.drop()
  })

  it('a write through one worker is visible to the next read through any other', async () => {
    expect((await service.register(image(1), image(2), image(4))).status).toBe(200)
    const path = `/v2/${service.project}/images`
    for (let i = 0; i < 60; i++) {
      // A new connection per call, so that any worker may accept it.
      const headers = { connection: 'close' }
      const body = { tag: { key: 'n', value: `${i}` } }
      const written = await service.call('POST', `${path}/id-1/tags`, { body, headers })
      expect(written.status).toBe(204)
      const query = { action: 'count', tags: [{ key: 'n', values: [`${i}`] }] }
      const [read, counted] = await Promise.all([
        service.call('GET', `${path}/id-1/tags`, { headers }),
        service.call('POST', `${path}/resource_instances/action`, { body: query, headers }),
      ])
      expect(read.body.tags).toContainEqual(body.tag)
      expect(read.headers.get('x-tagwerk-revision')).toBe(written.headers.get('x-tagwerk-revision'))
      expect(counted.body).toEqual({ total_count: 1 })
    }
  })

  it('a project created through one worker is known to all', async () => {
    const token = await service.tokenFor(undefined)
    const headers = { connection: 'close' }
    const found = await service.call('GET', '/v3/projects?name=default', { token, headers })
    const project = { name: 'second', domain_id: found.body.projects[0].domain_id }
    const made = await service.call('POST', '/v3/projects', { token, headers, body: { project } })
    expect(made.status).toBe(201)
    for (let i = 0; i < 8; i++) {
      const answer = await service.call('GET', `/v3/projects/${made.body.project.id}`, { token, headers })
      expect([answer.status, answer.body.project?.name]).toEqual([200, 'second'])
    }
  })
})

describe('the lifecycle of workers', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-workers-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('a killed worker is restarted, and each client misses at most one answer in a row', {
    timeout: 240_000,
  }, async () => {
    const flags = ['--workers', '2', '--log-level', 'info']
    const service = await startServiceProcess(join(folder, 'replaced'), ADMIN_PASSWORD, flags)
    const before = await workersOf(service.child.pid)
    expect(before).toHaveLength(2)
    let log = ''
    service.child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk
    })
    // Lines of the first workers can arrive late.
    const replacements = () => {
      const listening = Array.from(log.matchAll(/"pid":(\d+),[^\n]*"listening"/g), ([, pid]) => Number(pid))
      return listening.filter((pid) => !before.includes(pid)).length
    }
    const over = Promise.withResolvers<void>()
    const callers = Array.from({ length: 8 }, () => repeatRequest(service.url, over.promise))
    for (const [i, victim] of before.entries()) {
      await pause(300)
      process.kill(victim, 'SIGKILL')
      // Wait for the replacement, so that one worker always listens.
      await eventually(async () => replacements() > i)
    }
    await pause(300)
    over.resolve()
    for (const { answers, failuresInRow } of await Promise.all(callers)) {
      expect(failuresInRow).toBeLessThanOrEqual(1)
      expect(answers).toBeGreaterThan(10)
    }
    const after = await workersOf(service.child.pid)
    expect(after.filter((pid) => before.includes(pid))).toEqual([])
    expect(await service.stop()).toBe(0)
    expect(after.filter(isAlive)).toEqual([])
  })

  it('a service goes on when a worker cannot be replaced, and replaces it when that is possible again', {
    timeout: 240_000,
  }, async () => {
    const program = join(folder, 'node')
    await copyFile(process.execPath, program)
    const main = join(import.meta.dirname, '../../src/main.ts')
    const flags = ['--workers', '2', '--log-level', 'info']
    const service = await startServiceProcess(join(folder, 'no program'), ADMIN_PASSWORD, flags, [program, main])
    const [victim] = await workersOf(service.child.pid)
    await rename(program, `${program} away`)
    process.kill(victim as number, 'SIGKILL')
    await eventually(async () => service.output().includes('worker process failed'))
    for (let i = 0; i < 20; i++) expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
    await rename(`${program} away`, program)
    await eventually(async () => service.output().split('"listening"').length > 3)
    expect(await workersOf(service.child.pid)).toHaveLength(2)
    expect(await service.stop()).toBe(0)
  })

  it('workers exit when their primary process is killed', async () => {
    const service = await startServiceProcess(join(folder, 'orphaned'), ADMIN_PASSWORD, ['--workers', '2'])
    const workers = await workersOf(service.child.pid)
    await service.kill()
    await eventually(async () => !workers.some(isAlive))
  })

  it('a worker that cannot listen fails the start with the reason', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const starting = startServiceProcess(join(folder, 'taken'), ADMIN_PASSWORD, [
      '--workers',
      '2',
      '--listen',
      `127.0.0.1:${port}`,
    ])
    await expect(starting).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: another program uses this address`)
    taken.close()
  })
})
