import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { snapshotFiles } from '../../../src/store/snapshots/snapshot-files.ts'
import type { SnapshotStore } from '../../../src/store/snapshots/snapshot-store.ts'

// Every sentence of `SnapshotStore`, on files.

const NOW_MS = Date.now()
const MIB = 2 ** 20

let folder: string
let snapshots: SnapshotStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-snapshots-'))
  snapshots = snapshotFiles(join(folder, 'made'), () => NOW_MS)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Bytes that repeat nowhere nearby. */
function bytes(length: number, salt = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (Math.imul(i + salt, 0x9e37_79b1) >>> 13) & 0xff)
}

async function readBack(project: string, lengths: readonly number[]) {
  const snapshot = await snapshots.open(project)
  if (snapshot === undefined) return undefined
  try {
    const parts = lengths.map((length) => new Uint8Array(length))
    for (const [i, part] of parts.entries()) await snapshot.read(i, part)
    return { head: snapshot.head, parts }
  } finally {
    await snapshot.close()
  }
}

async function onlyFile(end = ''): Promise<string> {
  const [name, ...others] = (await readdir(join(folder, 'made'))).filter((each) => each.endsWith(end))
  expect(others).toEqual([])
  return join(folder, 'made', name as string)
}

describe('snapshot files', () => {
  it('a project without a snapshot has none to open, and deleting its snapshot does nothing', async () => {
    expect(await snapshots.open('p')).toBeUndefined()
    await snapshots.forget('p')
    await snapshots.save('q', 'head', [])
    expect(await snapshots.open('p')).toBeUndefined()
  })

  it.each([
    ['no part', []],
    ['an empty part', [0]],
    ['small parts', [1, 17, 0, 5]],
    ['parts of a chunk, and of one byte less and more', [MIB, MIB - 1, MIB + 1]],
    ['a part of several chunks', [3 * MIB + 12_345]],
  ])('a snapshot is read with the head and the parts that were saved: %s', async (_name, lengths) => {
    const parts = lengths.map((length, i) => bytes(length, i))
    await snapshots.save('project/../äöü', '{"说":"x"}', parts)
    const back = await readBack('project/../äöü', lengths)
    expect(back?.head).toBe('{"说":"x"}')
    expect(back?.parts.every((part, i) => Buffer.compare(part, parts[i] as Uint8Array) === 0)).toBe(true)
  })

  it('the snapshot that was saved last replaces earlier ones', async () => {
    await snapshots.save('p', 'first', [bytes(100)])
    await snapshots.save('p', 'second', [bytes(50, 1)])
    expect(await readBack('p', [50])).toEqual({ head: 'second', parts: [bytes(50, 1)] })
    await onlyFile()
  })

  it('each project has its own snapshot', async () => {
    await snapshots.save('p', 'of p', [])
    await snapshots.save('q', 'of q', [])
    await snapshots.forget('p')
    expect(await readBack('p', [])).toBeUndefined()
    expect((await readBack('q', []))?.head).toBe('of q')
  })

  it('the list contains the projects with a snapshot, last saved first, without those that cannot be read', async () => {
    expect(await snapshots.list()).toEqual([])
    for (const [i, project] of ['first', 'damaged', 'last'].entries()) {
      const before = new Set(await readdir(join(folder, 'made')).catch(() => []))
      await snapshots.save(project, '{}', [bytes(10)])
      const name = (await readdir(join(folder, 'made'))).find((each) => !before.has(each)) as string
      if (project === 'damaged') await truncate(join(folder, 'made', name), 30)
      await utimes(join(folder, 'made', name), NOW_MS / 1000 + i, NOW_MS / 1000 + i)
    }
    await mkdir(join(folder, 'made', 'a.snapshot'))
    expect(await snapshots.list()).toEqual(['last', 'first'])
  })

  it('a folder with the name of a draft does not prevent a save', async () => {
    await snapshots.save('p', 'head', [])
    const path = `${await onlyFile()}.folder`
    await mkdir(path)
    await utimes(path, NOW_MS / 1000 - 4000, NOW_MS / 1000 - 4000)
    await snapshots.save('q', 'head', [])
    expect((await snapshots.list()).toSorted()).toEqual(['p', 'q'])
  })

  it('an open snapshot stays readable while a new one replaces it', async () => {
    await snapshots.save('p', 'old', [bytes(2 * MIB)])
    const old = await snapshots.open('p')
    await snapshots.save('p', 'new', [bytes(10, 3)])
    const into = new Uint8Array(2 * MIB)
    await old?.read(0, into)
    await old?.close()
    expect(Buffer.compare(into, bytes(2 * MIB))).toBe(0)
  })

  it('of two concurrent saves of one project one is stored completely', async () => {
    const savers = [0, 1, 2, 3].map((i) => snapshots.save('p', `saver ${i}`, [bytes(MIB + i, i)]))
    await Promise.all(savers)
    const snapshot = await snapshots.open('p')
    const i = Number(snapshot?.head.at(-1))
    await snapshot?.close()
    expect((await readBack('p', [MIB + i]))?.parts).toEqual([bytes(MIB + i, i)])
    await onlyFile()
  })

  it('a snapshot file is readable by its owner only', async () => {
    await snapshots.save('p', 'head', [bytes(10)])
    expect((await stat(await onlyFile())).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'made'))).mode & 0o777).toBe(0o700)
  })

  it('a save that fails leaves no file behind', async () => {
    await writeFile(join(folder, 'file'), '')
    const nowhere = snapshotFiles(join(folder, 'file'), () => NOW_MS)
    await expect(nowhere.save('p', 'head', [])).rejects.toThrow(/EEXIST|ENOTDIR/)
    expect(await readdir(folder)).toEqual(['file'])
  })

  it('a save deletes the old drafts of interrupted saves', async () => {
    await snapshots.save('p', 'head', [])
    const path = await onlyFile()
    await writeFile(`${path}.left-long-ago`, 'x')
    await utimes(`${path}.left-long-ago`, NOW_MS / 1000 - 4000, NOW_MS / 1000 - 4000)
    await writeFile(`${path}.being-written`, 'x')
    await utimes(`${path}.being-written`, NOW_MS / 1000 - 1000, NOW_MS / 1000 - 1000)
    await snapshots.save('q', 'head', [])
    const names = await readdir(join(folder, 'made'))
    expect(names.filter((name) => !name.endsWith('.snapshot'))).toEqual([`${path.split('/').at(-1)}.being-written`])
  })
})

describe('a damaged snapshot file', () => {
  const HEAD = '{"a":1}'
  const LENGTHS = [1000, MIB + 1000]

  async function saved(): Promise<string> {
    await snapshots.save('p', HEAD, LENGTHS.map(bytes))
    return onlyFile()
  }

  it('a single changed byte is detected', async () => {
    const path = await saved()
    const whole = await readFile(path)
    // Every byte before the parts and of the table at the end, and some of the parts.
    const places = [
      ...Array.from({ length: 60 }, (_, i) => i),
      100,
      1043,
      2000,
      MIB,
      whole.length - 400,
      ...Array.from({ length: 20 }, (_, i) => whole.length - 20 + i),
    ]
    for (const place of places) {
      const damaged = Buffer.from(whole)
      damaged.writeUInt8((damaged.readUInt8(place) + 1) & 0xff, place)
      await writeFile(path, damaged)
      await expect(readBack('p', LENGTHS), `byte ${place}`).rejects.toThrow(/damaged|format|length is wrong|incomplete/)
    }
    await writeFile(path, whole)
    expect((await readBack('p', LENGTHS))?.head).toBe(HEAD)
  })

  it.each([0, 7, 19, 30, 43, 500, MIB])('a snapshot truncated to %i bytes is detected', async (length) => {
    await truncate(await saved(), length)
    await expect(readBack('p', LENGTHS)).rejects.toThrow(/damaged|format|length is wrong|incomplete/)
  })

  it('an appended byte is detected', async () => {
    const path = await saved()
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from([0])]))
    await expect(readBack('p', LENGTHS)).rejects.toThrow('its length is wrong')
  })

  it('a part is not read into memory of another length', async () => {
    await saved()
    await expect(readBack('p', [999, LENGTHS[1] as number])).rejects.toThrow('a part has another length')
  })
})

describe('kept snapshots', () => {
  const keptOf = async (project: string, revision: number) => {
    const kept = await snapshots.openKept(project, revision)
    await kept?.close()
    return kept?.head
  }

  it('a kept snapshot stays when later ones are saved, and when the last one is deleted', async () => {
    await snapshots.save('p', 'at 5', [bytes(MIB)])
    await snapshots.keep('p', 5)
    await snapshots.save('p', 'at 9', [bytes(10)])
    await snapshots.keep('p', 9)
    await snapshots.save('p', 'at 12', [bytes(20)])
    await snapshots.forget('p')
    expect(await snapshots.listKept('p')).toEqual([
      { revision: 5, keptAtMs: NOW_MS },
      { revision: 9, keptAtMs: NOW_MS },
    ])
    const kept = await snapshots.openKept('p', 5)
    const into = new Uint8Array(MIB)
    await kept?.read(0, into)
    await kept?.close()
    expect([kept?.head, Buffer.compare(into, bytes(MIB))]).toEqual(['at 5', 0])
    expect(await keptOf('p', 9)).toBe('at 9')
    expect(await snapshots.open('p')).toBeUndefined()
  })

  it('the first snapshot that is kept under a revision stays', async () => {
    await snapshots.save('p', 'first', [])
    await snapshots.keep('p', 5)
    await snapshots.save('p', 'second', [])
    await snapshots.keep('p', 5)
    expect(await keptOf('p', 5)).toBe('first')
  })

  it('without a snapshot none is kept, and there is none to list, to open or to delete', async () => {
    await snapshots.keep('p', 5)
    expect(await snapshots.listKept('p')).toEqual([])
    await snapshots.save('q', 'of q', [])
    await snapshots.keep('p', 5)
    expect([await snapshots.listKept('p'), await snapshots.openKept('p', 5)]).toEqual([[], undefined])
    await snapshots.forgetKept('p', 5)
  })

  it('revisions ascend, each project has its own, and one is deleted by its revision', async () => {
    for (const project of ['p', 'q']) await snapshots.save(project, `of ${project}`, [])
    for (const revision of [10, 9, 100]) await snapshots.keep('p', revision)
    await snapshots.keep('q', 9)
    await snapshots.forgetKept('p', 9)
    expect((await snapshots.listKept('p')).map(({ revision }) => revision)).toEqual([10, 100])
    expect([await keptOf('p', 9), await keptOf('q', 9)]).toEqual([undefined, 'of q'])
    expect((await snapshots.list()).toSorted()).toEqual(['p', 'q'])
  })

  it('a damaged one is refused when it is opened', async () => {
    await snapshots.save('p', 'head', [bytes(10)])
    await snapshots.keep('p', 5)
    await truncate(await onlyFile('.kept'), 25)
    await expect(snapshots.openKept('p', 5)).rejects.toThrow(/damaged|format|length is wrong|incomplete/)
  })

  it('a folder that is missing has none', async () => {
    expect(await snapshotFiles(join(folder, 'missing'), () => NOW_MS).listKept('p')).toEqual([])
  })
})
