import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import type { Clock } from '../../core/clock.ts'
import { keptFiles } from './kept-files.ts'
import type { Snapshot, SnapshotStore } from './snapshot-store.ts'

// A file: magic and format, lengths of head and parts, the head, the parts one after the other, and a table of
// checksums: of all that stands before the parts, of each chunk of each part, and of the table itself. Numbers are 32
// bits, little-endian, lengths 64.

const MAGIC = Buffer.from('TAGWERKS')
const FORMAT = 1
const CHUNK_BYTES = 2 ** 20
const HEAD_BYTES_MAX = 16 * 2 ** 20
const PARTS_MAX = 64
const CONCURRENT_READS = 4
const SUFFIX = '.snapshot'
/** Age at which a draft of an interrupted save is deleted: no save takes that long. */
const DRAFT_AGE_MAX_MS = 60 * 60 * 1000

/** Stores snapshots as files, readable by their owner only, in a folder that is created when it is missing. */
export function snapshotFiles(folder: string, clock: Clock): SnapshotStore {
  const nameOf = (project: string) => createHash('sha256').update(project).digest('hex')
  const pathOf = (project: string) => join(folder, `${nameOf(project)}${SUFFIX}`)
  const kept = keptFiles(folder, clock)
  return {
    open: (project) => openSnapshot(pathOf(project)),

    async save(project, head, parts) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await removeOldDrafts(folder, clock())
      const path = pathOf(project)
      const draft = `${path}.${randomUUID()}`
      try {
        const file = await open(draft, 'wx', 0o600)
        try {
          await writeSnapshot(file, Buffer.from(JSON.stringify({ project, head })), parts)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(draft, path)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },

    async list() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX))
      const snapshots = await Promise.all(names.map((name) => describe(join(folder, name))))
      const valid = snapshots.filter((each) => each !== undefined)
      return valid.sort((a, b) => b.savedAtMs - a.savedAtMs).map(({ project }) => project)
    },

    forget: (project) => rm(pathOf(project), { force: true }),

    keep: (project, revision) => kept.keep(nameOf(project), revision, pathOf(project)),

    listKept: (project) => kept.list(nameOf(project)),

    async openKept(project, revision) {
      const path = await kept.find(nameOf(project), revision)
      return path === undefined ? undefined : openSnapshot(path)
    },

    async forgetKept(project, revision) {
      const path = await kept.find(nameOf(project), revision)
      if (path !== undefined) await rm(path, { force: true })
    },
  }
}

async function openSnapshot(path: string): Promise<Snapshot | undefined> {
  const file = await openIfExists(path)
  if (file === undefined) return undefined
  try {
    return await readSnapshot(file)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openIfExists(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Returns the project and the time of a snapshot file; undefined when it is missing or cannot be read. */
async function describe(path: string): Promise<{ readonly project: string; readonly savedAtMs: number } | undefined> {
  try {
    const file = await openIfExists(path)
    if (file === undefined) return undefined
    try {
      return { project: (await readSnapshot(file)).project, savedAtMs: (await file.stat()).mtimeMs }
    } finally {
      await file.close()
    }
  } catch {
    // A later `open` reports the reason.
    return undefined
  }
}

async function removeOldDrafts(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(SUFFIX) || !name.includes(`${SUFFIX}.`)) continue
    const path = join(folder, name)
    const writtenAtMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => nowMs,
    )
    if (nowMs - writtenAtMs <= DRAFT_AGE_MAX_MS) continue
    // Something else may have the name of a draft, such as a folder; it does not prevent a save.
    await rm(path, { force: true }).catch(() => undefined)
  }
}

/** Returns the bytes before the head: magic, format, number of parts, length of the head, length of each part. */
function prefixOf(head: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  const prefix = Buffer.alloc(20 + 8 * parts.length)
  MAGIC.copy(prefix)
  prefix.writeUInt32LE(FORMAT, 8)
  prefix.writeUInt32LE(parts.length, 12)
  prefix.writeUInt32LE(head.length, 16)
  for (const [i, { length }] of parts.entries()) prefix.writeBigUInt64LE(BigInt(length), 20 + 8 * i)
  return prefix
}

async function writeSnapshot(file: FileHandle, head: Uint8Array, parts: readonly Uint8Array[]): Promise<void> {
  const prefix = prefixOf(head, parts)
  const sums = [crc32(head, crc32(prefix))]
  await writeWhole(file, prefix)
  await writeWhole(file, head)
  for (const part of parts) {
    for (const chunk of chunksOf(part)) {
      sums.push(crc32(chunk))
      await writeWhole(file, chunk)
    }
  }
  const table = Buffer.alloc(4 * sums.length + 4)
  for (const [i, sum] of sums.entries()) table.writeUInt32LE(sum, 4 * i)
  table.writeUInt32LE(crc32(table.subarray(0, -4)), 4 * sums.length)
  await writeWhole(file, table)
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten
  }
}

function* chunksOf(part: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < part.length; at += CHUNK_BYTES) yield part.subarray(at, at + CHUNK_BYTES)
}

async function readSnapshot(file: FileHandle): Promise<Snapshot & { readonly project: string }> {
  const { size } = await file.stat()
  const start = await readAt(file, 0, 20)
  if (!start.subarray(0, 8).equals(MAGIC) || start.readUInt32LE(8) !== FORMAT) throw new Error('it has another format')
  const partsCount = start.readUInt32LE(12)
  const headBytes = start.readUInt32LE(16)
  if (partsCount > PARTS_MAX || headBytes > HEAD_BYTES_MAX) throw new Error('its head is damaged')
  const rest = await readAt(file, 20, 8 * partsCount + headBytes)
  const lengths = Array.from({ length: partsCount }, (_, i) => Number(rest.readBigUInt64LE(8 * i)))
  const starts: { readonly at: number; readonly firstSum: number }[] = []
  let at = 20 + rest.length
  let sum = 1
  for (const length of lengths) {
    starts.push({ at, firstSum: sum })
    at += length
    sum += Math.ceil(length / CHUNK_BYTES)
  }
  if (size !== at + 4 * sum + 4) throw new Error('its length is wrong')
  const table = await readAt(file, at, 4 * sum + 4)
  const isWhole = table.readUInt32LE(4 * sum) === crc32(table.subarray(0, -4))
  if (!isWhole || table.readUInt32LE(0) !== crc32(rest, crc32(start))) throw new Error('its head is damaged')
  const { project, head } = JSON.parse(rest.toString('utf8', 8 * partsCount)) as { project: string; head: string }
  return {
    project,
    head,
    close: () => file.close(),
    async read(part, into) {
      const { at: from, firstSum } = starts[part] as (typeof starts)[number]
      if (into.length !== lengths[part]) throw new Error('a part has another length')
      const chunks = [...chunksOf(into)].entries()
      // Concurrent reads: the page faults of fresh memory take the reading threads longer than the reads.
      let verification: Promise<void> = Promise.resolve()
      const readNext = async () => {
        for (const [i, chunk] of chunks) {
          await readInto(file, chunk, from + i * CHUNK_BYTES)
          // Verifies one chunk per event-loop tick.
          verification = verification.then(nextTick)
          await verification
          if (crc32(chunk) !== table.readUInt32LE(4 * (firstSum + i))) throw new Error(`part ${part} is damaged`)
        }
      }
      await Promise.all(Array.from({ length: CONCURRENT_READS }, readNext))
    },
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  await readInto(file, bytes, position)
  return bytes
}

async function readInto(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done)
    if (bytesRead === 0) throw new Error('it is incomplete')
    done += bytesRead
  }
}
