import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SqliteConnection } from '../../../src/store/sqlite/connection.ts'
import { foundStore } from '../../../src/store/sqlite/found-store.ts'
import { inspectDataFolder } from '../../../src/store/sqlite/inspect-folder.ts'
import { Maintenance } from '../../../src/store/sqlite/maintenance.ts'
import { readMarker } from '../../../src/store/sqlite/store-marker.ts'
import { SqliteWriter } from '../../../src/store/sqlite/writer.ts'
import { packRequests } from '../../../src/store/sqlite/writer-messages.ts'
import { register } from '../../conformance/requests.ts'

// Timers and the clock are simulated; files are real.

let folder: string
let writer: SqliteWriter
let maintenance: Maintenance
let warnings: string[]
let checkpoints: { done: number; prevented: number }
let commits = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-maintenance-'))
  await foundStore(folder)
  writer = new SqliteWriter(join(folder, 'tagwerk.sqlite'))
  await writer.migrate()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  warnings = []
  commits = 0
  checkpoints = { done: 0, prevented: 0 }
  maintenance = new Maintenance(writer, folder, () => performance.now(), {
    onWarning: (warning) => warnings.push(warning),
    onCheckpoint: (outcome) => checkpoints[outcome]++,
  })
})

afterEach(async () => {
  maintenance.close()
  vi.useRealTimers()
  writer.close()
  await rm(folder, { recursive: true, force: true })
})

async function commit(changes = 1): Promise<void> {
  const requests = packRequests([register(`i${commits++}`)])
  expect((await writer.execute([{ id: 1, commit: { project: 'p', requests } }]))[0]).toHaveProperty('verdicts')
  maintenance.afterCommits(changes)
}

const logBytes = async () => (await readFile(join(folder, 'tagwerk.sqlite-wal'))).length

it('during continuous commits the marker is written every 250 ms', async () => {
  const counted: unknown[] = []
  for (let i = 0; i < 9; i++) {
    await commit()
    counted.push((readMarker(folder) as { commits: number }).commits)
    vi.advanceTimersByTime(100)
  }
  // The count is raised by the commit at 0 ms, and then for the marker every 250 ms.
  expect(counted).toEqual([1, 1, 1, 2, 2, 3, 3, 3, 4])
})

it('the marker is written at once after many changes', async () => {
  await commit()
  await commit(2000)
  expect(readMarker(folder)).toMatchObject({ commits: 1 })
  await commit(3000)
  expect(readMarker(folder)).toMatchObject({ commits: 2 })
})

it('the marker is written soon after the last commit, and the log is emptied a second after it', async () => {
  await commit()
  await commit()
  expect(readMarker(folder)).toMatchObject({ commits: 1 })
  vi.advanceTimersByTime(250)
  expect(readMarker(folder)).toMatchObject({ commits: 2 })
  expect(await logBytes()).toBeGreaterThan(0)
  expect(checkpoints).toEqual({ done: 0, prevented: 0 })
  vi.advanceTimersByTime(1000)
  expect(await logBytes()).toBe(0)
  expect(checkpoints).toEqual({ done: 1, prevented: 0 })
  expect(warnings).toEqual([])
})

it('the log is emptied once a minute also when commits never pause for a second', async () => {
  let emptied = 0
  for (let i = 0; i < 220; i++) {
    await commit()
    vi.advanceTimersByTime(300)
    if ((await logBytes()) === 0) emptied++
  }
  expect(emptied).toBeGreaterThan(0)
})

it('a read prevents emptying the log until it ends, and no commit waits for it', async () => {
  await commit()
  const reader = new SqliteConnection(join(folder, 'tagwerk.sqlite'), { readOnly: true })
  reader.exec('BEGIN')
  await reader.get('SELECT count(*) FROM resource')
  await commit()
  vi.advanceTimersByTime(3000)
  expect(await logBytes()).toBeGreaterThan(0)
  expect(readMarker(folder)).toMatchObject({ commits: 2 })
  expect(checkpoints).toEqual({ done: 0, prevented: 1 })
  await commit()
  reader.close()
  vi.advanceTimersByTime(10_000)
  expect(await logBytes()).toBe(0)
  expect(checkpoints.done).toBeGreaterThan(0)
  expect(readMarker(folder)).toMatchObject({ commits: 3 })
  expect(warnings).toEqual([])
})

it('a state before a commit that a marker covers is refused, whether that commit has raised the count or not', async () => {
  const file = join(folder, 'tagwerk.sqlite')
  const states: [earlier: Buffer, log: Buffer][] = []
  const keep = async () => states.push([await readFile(file), await readFile(`${file}-wal`)])
  for (let i = 0; i < 8; i++) {
    await commit()
    await keep()
    vi.advanceTimersByTime(i % 3 === 2 ? 300 : 60)
  }
  vi.advanceTimersByTime(250)
  await keep()
  writer.close()
  const inspected: string[] = []
  for (const [earlier, log] of states) {
    await writeFile(file, earlier)
    await writeFile(`${file}-wal`, log)
    await rm(`${file}-shm`, { force: true })
    inspected.push(await inspectDataFolder(folder).catch((error: Error) => error.constructor.name))
  }
  expect(inspected).toEqual([...states.slice(1).map(() => 'StoreRefused'), 'store'])
})

it('a commit after the marker was written raises the count only when the next marker is due', async () => {
  await commit()
  await commit()
  expect([writer.identity.commits, writer.transactions]).toEqual([1, 2])
  vi.advanceTimersByTime(249)
  expect(writer.identity.commits).toBe(1)
  vi.advanceTimersByTime(1)
  expect([writer.identity.commits, writer.transactions]).toEqual([2, 3])
  vi.advanceTimersByTime(5000)
  expect([writer.identity.commits, writer.transactions]).toEqual([2, 3])
  await commit()
  expect([writer.identity.commits, writer.transactions]).toEqual([3, 4])
})

it('a marker that cannot be written is reported once and written later', async () => {
  await commit()
  await rm(join(folder, 'tagwerk.marker'))
  await mkdir(join(folder, 'tagwerk.marker.new'))
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(1100)
    await commit()
  }
  expect(warnings).toEqual([expect.stringMatching(/^the marker could not be written, in \S+: EISDIR/)])
  expect(readMarker(folder)).toBe('missing')
  await rm(join(folder, 'tagwerk.marker.new'), { recursive: true })
  vi.advanceTimersByTime(10_000)
  expect(readMarker(folder)).toEqual(writer.identity)
  expect(writer.identity.commits).toBeGreaterThan(1)
})
