import { existsSync } from 'node:fs'
import type { Resource } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import { requireCurrentSchema } from '../copy/sql-endpoints.ts'
import { sqlReads } from '../sql/reads.ts'
import { resourcesOf, tagReads } from '../sql/tag-reader.ts'
import type { Scan, Store } from '../store.ts'
import { SqliteConnection } from './connection.ts'
import { readSqliteVersion } from './copy-endpoints.ts'
import { databaseFileIn } from './data-folder.ts'

/** A scan reads each page once, so it has little use for a cache. */
const SCAN_CACHE_KIB = 2048

/** What can be read of a store, and looks at no more than it has to. */
export type ReadOnlyStore = Pick<
  Store,
  'getDomainByName' | 'listProjects' | 'getRevision' | 'changesSince' | 'scan' | 'close'
>

/**
 * Opens a data folder for reading, beside the process that has it. Throws when there is none, and when its schema is
 * not that of this program.
 */
export async function openSqliteReadOnly(folder: string): Promise<ReadOnlyStore> {
  const file = databaseFileIn(folder)
  if (!existsSync(file)) throw new Error(`there is no data of Tagwerk in ${folder}`)
  const connection = new SqliteConnection(file, { readOnly: true })
  try {
    requireCurrentSchema(await readSqliteVersion(connection))
  } catch (error) {
    connection.close()
    throw error
  }
  return {
    ...sqlReads(connection),
    scan: (project, types) => scanFile(file, project, types),
    close: async () => connection.close(),
  }
}

/** See `TagStore.scan`. */
export async function scanFile(file: string, project: string, types: readonly ResourceType[]): Promise<Scan> {
  if (!existsSync(file)) throw new Error(`the database ${file} is gone`)
  // A connection of its own, because a snapshot lasts as long as its transaction.
  const connection = new SqliteConnection(file, { readOnly: true, cacheKib: SCAN_CACHE_KIB })
  connection.exec('BEGIN')
  const revision = await tagReads(connection).getRevision(project)
  const batches = (async function* (): AsyncGenerator<readonly Resource[]> {
    try {
      yield* resourcesOf(connection, project, types)
    } finally {
      connection.close()
    }
  })()
  return { revision, batches }
}
