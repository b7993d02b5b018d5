import { hash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteCopySource, openSqliteCopyTarget } from '../../../src/store/sqlite/copy-endpoints.ts'
import { foundStore } from '../../../src/store/sqlite/found-store.ts'
import { StoreRefused } from '../../../src/store/sqlite/inspect-folder.ts'
import { openSqliteReadOnly } from '../../../src/store/sqlite/read-only-store.ts'
import { setStoreAside } from '../../../src/store/sqlite/set-aside.ts'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { readMarker, writeMarker } from '../../../src/store/sqlite/store-marker.ts'
import { SqliteWriter } from '../../../src/store/sqlite/writer.ts'
import { packRequests } from '../../../src/store/sqlite/writer-messages.ts'
import type { Store } from '../../../src/store/store.ts'
import { contentsOf, register } from '../../conformance/requests.ts'

// A data folder whose files were lost, damaged or exchanged is refused, and left as it is. A crashed folder is a copy of
// the files of a store that is open, as SIGKILL leaves them.

let root: string
let folder: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tagwerk-lost-'))
  folder = join(root, 'data')
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

const fileIn = (name: string, at = folder) => join(at, name)
const DATABASE = 'tagwerk.sqlite'
const LOG = 'tagwerk.sqlite-wal'
const MARKER = 'tagwerk.marker'

function open(at = folder, options: Parameters<typeof openSqliteStore>[2] = {}): Promise<Store> {
  const fail = (error: Error) => {
    throw error
  }
  return openSqliteStore(at, fail, options)
}

async function idsIn(at = folder): Promise<string[]> {
  const store = await open(at)
  const { resources } = await contentsOf(store, 'p')
  await store.close()
  return resources.map(({ id }) => id)
}

/** Makes a folder as a killed service leaves it: `inDatabase` resources in the database file, `inLog` more in its log. */
async function crashedFolder(inDatabase: number, inLog: number, options = { hasMarker: true }): Promise<void> {
  const live = join(root, 'live')
  await mkdir(live)
  await foundStore(live)
  const writer = new SqliteWriter(fileIn(DATABASE, live))
  await writer.migrate()
  for (let i = 0; i < inDatabase + inLog; i++) {
    if (i === inDatabase) expect(writer.checkpoint()).toBe(true)
    const [reply] = await writer.execute([
      { id: i, commit: { project: 'p', requests: packRequests([register(`i${i}`)]) } },
    ])
    expect(reply).toHaveProperty('verdicts')
  }
  if (options.hasMarker) writeMarker(live, writer.identity)
  else await rm(fileIn(MARKER, live))
  await cp(live, folder, { recursive: true })
  writer.close()
  await rm(live, { recursive: true })
}

/** Makes a folder as an orderly stop leaves it. */
async function stoppedFolder(ids: readonly string[], at = folder): Promise<void> {
  const store = await open(at)
  for (const id of ids) await store.commit('p', [register(id)])
  await store.close()
}

/** The digests of the files of a folder, without those that every start replaces, and without empty logs. */
async function filesOf(at = folder): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of (await readdir(at)).sort()) {
    if (/(-shm|\.lock|\.pid)$/.test(name)) continue
    const bytes = await readFile(fileIn(name, at))
    if (bytes.length > 0 || name !== LOG) files[name] = hash('sha256', bytes)
  }
  return files
}

async function invert(name: string, at: number): Promise<void> {
  const bytes = await readFile(fileIn(name))
  bytes[at] = ~(bytes[at] as number)
  await writeFile(fileIn(name), bytes)
}

describe('the write-ahead log', () => {
  it('after an orderly stop the database file alone is the whole store', async () => {
    await stoppedFolder(['i1', 'i2'])
    expect((await readdir(folder)).sort()).toEqual([MARKER, 'tagwerk.lock', 'tagwerk.pid', DATABASE].sort())
    const elsewhere = join(root, 'elsewhere')
    await mkdir(elsewhere)
    await cp(fileIn(DATABASE), fileIn(DATABASE, elsewhere))
    expect(await idsIn(elsewhere)).toEqual(['i1', 'i2'])
  })

  it('it is emptied and the marker is written soon after the last commit, while the store is open', async () => {
    const store = await open()
    await store.commit('p', [register('i1')])
    await expect.poll(async () => (await readFile(fileIn(LOG))).length).toBe(0)
    await expect.poll(() => readMarker(folder)).toMatchObject({ commits: 1 })
    const elsewhere = join(root, 'elsewhere')
    await mkdir(elsewhere)
    await cp(fileIn(DATABASE), fileIn(DATABASE, elsewhere))
    await store.close()
    expect(await idsIn(elsewhere)).toEqual(['i1'])
  })

  it('it is emptied at a start after a kill, and nothing of it is lost', async () => {
    await crashedFolder(2, 3)
    const store = await open()
    await expect.poll(async () => (await readFile(fileIn(LOG))).length).toBe(0)
    expect((await contentsOf(store, 'p')).resources).toHaveLength(5)
    await store.close()
  })

  it('the end of a commit that was never acknowledged is dropped', async () => {
    await crashedFolder(2, 3)
    await writeFile(fileIn(LOG), Buffer.concat([await readFile(fileIn(LOG)), Buffer.alloc(1000, 7)]))
    expect(await idsIn()).toHaveLength(5)
  })
})

/** Damage to a crashed folder with a marker, and the message that refuses it. */
const DAMAGE: readonly (readonly [name: string, damage: () => Promise<unknown>, message: RegExp])[] = [
  [
    'a missing database',
    () => rm(fileIn(DATABASE)),
    /tagwerk\.sqlite is missing, but \S+ held a store before \(there is tagwerk\.marker, tagwerk\.sqlite-wal\)/,
  ],
  ['an empty database', () => truncate(fileIn(DATABASE)), /tagwerk\.sqlite is empty, but \S+ held a store before/],
  [
    'a missing log',
    () => rm(fileIn(LOG)),
    /acknowledged writes are missing in \S+tagwerk\.sqlite: it has 2 commits, and \S+tagwerk\.marker counts 5/,
  ],
  ['an empty log', () => truncate(fileIn(LOG)), /it has 2 commits, and \S+ counts 5/],
  [
    'a log cut in half',
    async () => truncate(fileIn(LOG), (await readFile(fileIn(LOG))).length / 2),
    /it has [23] commits, and \S+ counts 5/,
  ],
  [
    'a log cut by one byte',
    async () => truncate(fileIn(LOG), (await readFile(fileIn(LOG))).length - 1),
    /it has 4 commits, and \S+ counts 5/,
  ],
  ['a changed byte in the log', () => invert(LOG, 100), /it has 2 commits, and \S+ counts 5/],
  [
    'a changed byte at the start of the database',
    () => invert(DATABASE, 3),
    /tagwerk\.sqlite is damaged: .*file is not a database/,
  ],
  [
    'text in place of the database',
    () => writeFile(fileIn(DATABASE), 'hello'.repeat(1000)),
    /tagwerk\.sqlite is damaged/,
  ],
  [
    'the database of another store',
    async () => {
      await stoppedFolder(['x1'], join(root, 'other'))
      await rm(fileIn(LOG))
      await cp(fileIn(DATABASE, join(root, 'other')), fileIn(DATABASE))
    },
    /is not the database that belongs here: \S+tagwerk\.marker names the store \S+, and the database is of the store \S+\./,
  ],
]

describe('a data folder with acknowledged writes', () => {
  it.each(DAMAGE)(
    'with %s it is refused by every command, with the file and what to do, and left as it is',
    async (_name, damage, message) => {
      await crashedFolder(2, 3)
      await damage()
      const before = await filesOf()
      const openings = [
        () => open(),
        () => openSqliteReadOnly(folder),
        () => openSqliteCopySource(folder),
        () => openSqliteCopyTarget(folder),
      ]
      for (const opening of openings) {
        const error = await opening().then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        expect(error).toBeInstanceOf(StoreRefused)
        expect((error as Error).message).toMatch(message)
        expect((error as Error).message).toMatch(/Nothing was changed\.|Put the right files back/)
        expect((error as Error).message).toContain('tagwerk restore')
      }
      expect(await filesOf()).toEqual(before)
    },
  )

  it.each(DAMAGE)('with %s it is founded anew only on demand, and the former files are kept', async (_name, damage) => {
    await crashedFolder(2, 3)
    await damage()
    const before = await filesOf()
    const warnings: string[] = []
    const store = await open(folder, { foundsAnew: true, onWarning: (warning) => warnings.push(warning) })
    expect((await contentsOf(store, 'p')).resources).toEqual([])
    await store.close()
    const aside = join(folder, 'replaced-1')
    expect(warnings).toEqual([`a new, empty store was founded; the files of the former one are in ${aside}`])
    expect(await filesOf(aside)).toEqual(before)
    expect(await idsIn()).toEqual([])
  })

  it('a store that lacks acknowledged writes is opened after its marker was removed', async () => {
    await crashedFolder(2, 3)
    await rm(fileIn(LOG))
    await rm(fileIn(MARKER))
    expect(await idsIn()).toEqual(['i0', 'i1'])
    expect(readMarker(folder)).toMatchObject({ commits: 2 })
  })

  it('--found-anew leaves a whole store as it is and says so', async () => {
    await stoppedFolder(['i1'])
    const warnings: string[] = []
    const store = await open(folder, { foundsAnew: true, onWarning: (warning) => warnings.push(warning) })
    expect((await contentsOf(store, 'p')).resources).toHaveLength(1)
    await store.close()
    expect(warnings).toEqual(['--found-anew had no effect, because the store is whole: remove the option'])
  })

  it('a marker that is missing or cannot be read is reported, and replaced if the store is whole', async () => {
    await stoppedFolder(['i1'])
    for (const [damage, words] of [
      [() => writeFile(fileIn(MARKER), ''), 'cannot be read'],
      [() => rm(fileIn(MARKER)), 'is missing'],
    ] as const) {
      await damage()
      const warnings: string[] = []
      await (await open(folder, { onWarning: (warning) => warnings.push(warning) })).close()
      expect(warnings).toEqual([expect.stringContaining(`tagwerk.marker ${words}, so this start cannot tell`)])
      expect(await idsIn()).toEqual(['i1'])
      expect(readMarker(folder)).toMatchObject({ commits: 1 })
    }
  })

  it('a marker that cannot be read shows that a lost store was there', async () => {
    await stoppedFolder(['i1'])
    await writeFile(fileIn(MARKER), 'x')
    await rm(fileIn(DATABASE))
    await expect(open()).rejects.toThrow(/is missing, but \S+ held a store before \(there is tagwerk\.marker\)/)
  })
})

describe('a data folder of an older program, without a marker', () => {
  /** Removes what an older program does not write. */
  async function makeOld(): Promise<void> {
    await rm(fileIn(MARKER), { force: true })
    const db = new DatabaseSync(fileIn(DATABASE))
    db.exec('DROP TABLE store_identity')
    db.close()
  }

  it('it is opened with all of its data and gets a marker', async () => {
    await stoppedFolder(['i1', 'i2'])
    await makeOld()
    expect(await idsIn()).toEqual(['i1', 'i2'])
    expect(readMarker(folder)).toMatchObject({ storeId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  })

  it('a database of an older program in a folder with a marker is refused as another store', async () => {
    await stoppedFolder(['i1'])
    await cp(fileIn(MARKER), join(root, 'marker'))
    await makeOld()
    await rename(join(root, 'marker'), fileIn(MARKER))
    await expect(open()).rejects.toThrow('the database is of a store without an id')
  })

  it('a missing database is refused if there is a log', async () => {
    await crashedFolder(0, 3, { hasMarker: false })
    await rm(fileIn(DATABASE))
    await expect(open()).rejects.toThrow(/is missing, but \S+ held a store before \(there is tagwerk\.sqlite-wal\)/)
  })

  it('an empty database is refused if there is a log, and the log is kept', async () => {
    await crashedFolder(0, 3, { hasMarker: false })
    await truncate(fileIn(DATABASE))
    const before = await filesOf()
    await expect(open()).rejects.toThrow(/is empty, but \S+ held a store before \(there is tagwerk\.sqlite-wal\)/)
    expect(await filesOf()).toEqual(before)
  })

  it('a database without tables is refused, because a new store gets its name when it is complete', async () => {
    await mkdir(folder)
    const db = new DatabaseSync(fileIn(DATABASE))
    db.exec('PRAGMA journal_mode = WAL')
    db.close()
    await expect(open()).rejects.toThrow(/tagwerk\.sqlite has no tables\. Nothing was changed/)
  })

  it('a missing database is refused if there are snapshots', async () => {
    await mkdir(fileIn('snapshots'), { recursive: true })
    await writeFile(join(folder, 'snapshots', 'a.snapshot'), 'x')
    await expect(open()).rejects.toThrow(/is missing, but \S+ held a store before \(there is snapshots\)/)
  })
})

it('a replacement that was interrupted after the former store was moved is refused, and never a new store', async () => {
  await stoppedFolder(['i1'])
  setStoreAside(folder, { storeId: 'next', commits: 3 })
  await expect(open()).rejects.toThrow(/is missing, but \S+ held a store before \(there is tagwerk\.marker\)/)
  expect(await idsIn(join(folder, 'replaced-1'))).toEqual(['i1'])
})

describe('founding', () => {
  it('a founding that was killed is repeated', async () => {
    await mkdir(folder)
    for (const suffix of ['', '-wal', '-journal']) await writeFile(fileIn(`${DATABASE}.new${suffix}`), 'half')
    expect(await idsIn()).toEqual([])
    expect((await readdir(folder)).filter((name) => name.includes('.new'))).toEqual([])
  })

  it('a store that was named and then killed before its first marker is opened', async () => {
    await mkdir(folder)
    await foundStore(folder)
    await rm(fileIn(MARKER))
    expect(await idsIn()).toEqual([])
    expect(readMarker(folder)).toMatchObject({ commits: 0 })
  })

  it('an empty database without any trace of a store is a new one', async () => {
    await mkdir(folder)
    await writeFile(fileIn(DATABASE), '')
    expect(await idsIn()).toEqual([])
  })
})
