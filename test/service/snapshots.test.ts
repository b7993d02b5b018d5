import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSnapshotInThread } from '../../src/service/snapshot-client.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Snapshots of a real service: written at stop and while it runs, and replaced if they are invalid.

const SIZE = 6000

let folder: string
let flags: Record<string, string>
let database: TestDatabase | undefined
let service: TestService

async function open(engine: string): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-snapshots-'))
  database = engine === 'PostgreSQL' ? await createDatabase() : undefined
  flags = {
    'snapshot-interval-seconds': '1',
    ...(database && { store: database.url, migrate: 'on', 'snapshot-folder': join(folder, 'snapshots') }),
  }
  await start()
}

async function start(): Promise<void> {
  service = await startTestService({ folder, flags })
}

afterEach(async () => {
  await service.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

const idOf = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`

async function register(from: number, to: number): Promise<void> {
  const images = Array.from({ length: to - from }, (_, i) => ({
    resource_type: 'images',
    resource_id: idOf(from + i),
    resource_name: `image ${from + i}`,
    tags: [
      { key: 'number', value: String(from + i) },
      { key: 'rest', value: String((from + i) % 7) },
    ],
  }))
  expect((await service.register(...images)).body).toMatchObject({ created: to - from, refused: 0 })
}

/** Two query results, to compare before and after. */
async function answers() {
  const path = `/v2/${service.project}/images/resource_instances/action`
  const body = { action: 'filter', limit: '3', offset: '100', tags: [{ key: 'rest', values: ['3', '5'] }] }
  const page = await service.call('POST', path, { body })
  const named = await service.call('POST', path, {
    body: { action: 'filter', matches: [{ key: 'resource_name', value: '99' }] },
  })
  return [page.text, named.text]
}

/** The files of snapshots that are not kept. */
const snapshotsNow = async () =>
  (await readdir(join(folder, 'snapshots')).catch(() => [])).filter((name) => name.endsWith('.snapshot'))

async function restart(): Promise<void> {
  await service.stop()
  await start()
}

describe.each(['SQLite', 'PostgreSQL'])('snapshots over a restart with %s', (engine) => {
  beforeEach(() => open(engine))

  it('a restarted service answers from its snapshot as before, and applies later writes', async () => {
    await register(0, SIZE)
    const before = await answers()
    await restart()
    expect(await snapshotsNow()).toHaveLength(1)
    expect(await answers()).toEqual(before)
    await register(SIZE, SIZE + 10)
    const path = `/v2/${service.project}/images/${idOf(1)}/tags`
    expect((await service.call('POST', path, { body: { tag: { key: 'rest', value: '3' } } })).status).toBe(204)
    const changed = await answers()
    expect(changed).not.toEqual(before)
    await restart()
    expect(await answers()).toEqual(changed)
    await service.stop()
    await rm(join(folder, 'snapshots'), { recursive: true })
    await start()
    expect(await answers()).toEqual(changed)
  })

  it('a restarted service ignores a damaged snapshot, answers as before and writes a new one', async () => {
    await register(0, SIZE)
    const before = await answers()
    await service.stop()
    const [name] = await snapshotsNow()
    const path = join(folder, 'snapshots', name as string)
    const bytes = await readFile(path)
    bytes.fill(0, bytes.length - 5000, bytes.length - 4000)
    await writeFile(path, bytes)
    await start()
    expect(await answers()).toEqual(before)
    await service.stop()
    expect(Buffer.compare(await readFile(path), bytes)).not.toBe(0)
  })

  it('a folder in place of a snapshot disturbs no request, no start and no stop', async () => {
    await register(0, SIZE)
    const before = await answers()
    await service.stop()
    const [name] = await snapshotsNow()
    const path = join(folder, 'snapshots', name as string)
    await rm(path)
    await mkdir(path)
    await start()
    expect(await answers()).toEqual(before)
    await register(SIZE, SIZE + 1)
    const after = await answers()
    await service.stop()
    expect(await readdir(path)).toEqual([])
    await start()
    expect(await answers()).toEqual(after)
  })
})

describe.each(['SQLite', 'PostgreSQL'])('snapshots of a running service with %s', (engine) => {
  beforeEach(() => open(engine))

  it('a thread makes a snapshot after many changes', { timeout: 120_000 }, async () => {
    await register(0, 20_000)
    const before = await answers()
    for (let tries = 0; (await snapshotsNow()).filter((name) => name.endsWith('.snapshot')).length === 0; tries++) {
      expect(tries, 'no snapshot was made').toBeLessThan(1000)
      await sleep(50)
    }
    expect(await answers()).toEqual(before)
  })
})

describe('the snapshot thread', () => {
  beforeEach(() => open('SQLite'))

  it('a failed or aborted snapshot rejects with its reason', async () => {
    const job = { snapshotFolder: folder, project: 'p', seed: 0, atMs: 0 }
    const nowhere = { ...job, store: { engine: 'sqlite', folder: join(folder, 'nothing', 'here') } } as const
    await expect(makeSnapshotInThread(nowhere, new AbortController().signal)).rejects.toThrow(/there is no data/)
    const aborted = { ...job, store: { engine: 'sqlite', folder } } as const
    await expect(makeSnapshotInThread(aborted, AbortSignal.abort())).rejects.toThrow(
      'the snapshot was aborted because the service stops',
    )
  })
})

it('with PostgreSQL and without --snapshot-folder no snapshots are made', async () => {
  await open('PostgreSQL')
  delete flags['snapshot-folder']
  await restart()
  await register(0, SIZE)
  const before = await answers()
  await restart()
  expect(await answers()).toEqual(before)
  expect(await snapshotsNow()).toEqual([])
})
