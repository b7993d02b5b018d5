import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SqliteConnection } from './connection.ts'
import { databaseFileIn } from './data-folder.ts'
import { readSqliteVersion } from './schema-version.ts'
import { isDamage } from './sqlite-errors.ts'
import { readIdentity, type StoreIdentity } from './store-identity.ts'
import { markerFileIn, readMarker } from './store-marker.ts'

/** What a data folder holds. */
export type FolderContent = 'nothing' | 'store'

/** Thrown when the store of a data folder is lost, damaged, replaced by another one, or lacks acknowledged writes. */
export class StoreRefused extends Error {}

/**
 * Compares the database of a data folder with its marker, and with the other files there. Throws StoreRefused, with the
 * path and what to do, unless the folder holds either nothing of a store or a whole one. Changes no file of the store:
 * even a damaged write-ahead log stays as it is. `onWarning` is called when there is a store and no usable marker.
 */
export async function inspectDataFolder(
  folder: string,
  onWarning: (message: string) => void = () => undefined,
): Promise<FolderContent> {
  const file = databaseFileIn(folder)
  const bytes = sizeOf(file)
  // Read before the database, which another process may be writing: its commits are never behind this marker.
  const marker = readMarker(folder)
  if (bytes === 0) {
    const traces = tracesIn(folder)
    if (traces.length === 0) return 'nothing'
    throw new StoreRefused(lost(folder, `${file} is ${exists(file) ? 'empty' : 'missing'}`, traces))
  }
  const identity = await readDatabase(folder, file)
  if (typeof marker === 'object') compare(folder, file, identity, marker)
  // An older program wrote neither an identity nor a marker.
  else if (identity !== undefined) {
    onWarning(
      `${markerFileIn(folder)} ${marker === 'missing' ? 'is missing' : 'cannot be read'}, so this start cannot tell whether ` +
        'acknowledged writes are missing in the store; it is written again',
    )
  }
  return 'store'
}

/** Reads the identity of a database over a connection that leaves the write-ahead log alone. */
async function readDatabase(folder: string, file: string): Promise<StoreIdentity | undefined> {
  let db: SqliteConnection | undefined
  try {
    db = new SqliteConnection(file, { readOnly: true })
    if ((await readSqliteVersion(db)) === 0) {
      throw new StoreRefused(lost(folder, `${file} has no tables`, tracesIn(folder)))
    }
    return await readIdentity(db)
  } catch (error) {
    if (!isDamage(error)) throw error
    const words = `${file} is damaged: ${(error as Error).message}. Nothing was changed. ${PUT_BACK}`
    throw new StoreRefused(words, { cause: error })
  } finally {
    db?.close()
  }
}

function compare(folder: string, file: string, identity: StoreIdentity | undefined, marker: StoreIdentity): void {
  const markerFile = markerFileIn(folder)
  if (identity?.storeId !== marker.storeId) {
    throw new StoreRefused(
      `${file} is not the database that belongs here: ${markerFile} names the store ${marker.storeId}, and the ` +
        `database is of ${identity === undefined ? 'a store without an id' : `the store ${identity.storeId}`}. ` +
        `${PUT_BACK}. To use this database all the same, remove ${markerFile}`,
    )
  }
  if (identity.commits < marker.commits) {
    throw new StoreRefused(
      `acknowledged writes are missing in ${file}: it has ${identity.commits} commits, and ${markerFile} counts ` +
        `${marker.commits}. Usually ${file}-wal is missing or damaged, or the database was replaced by an older one. ` +
        `Nothing was changed. ${PUT_BACK}. To continue without the missing writes, remove ${markerFile}`,
    )
  }
}

const PUT_BACK = 'Put the right files back, or restore a backup with "tagwerk restore"'

function lost(folder: string, what: string, traces: readonly string[]): string {
  const reason = traces.length === 0 ? '' : `, but ${folder} held a store before (there is ${traces.join(', ')})`
  return (
    `${what}${reason}. Nothing was changed. ${PUT_BACK}. To begin with a new, empty store, run ` +
    '"tagwerk serve --found-anew", which keeps the present files in a subfolder'
  )
}

/** The names of files that only a folder with a store has, besides the database. */
function tracesIn(folder: string): readonly string[] {
  const traces: string[] = []
  if (readMarker(folder) !== 'missing') traces.push('tagwerk.marker')
  if (sizeOf(`${databaseFileIn(folder)}-wal`) > 0) traces.push('tagwerk.sqlite-wal')
  const snapshots = entriesOf(join(folder, 'snapshots')).some((name) => name.endsWith('.snapshot'))
  return snapshots ? [...traces, 'snapshots'] : traces
}

/** Returns the names in a folder, none if it is missing. */
export function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

/** Returns the size of a file, 0 when it is missing. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined
}
