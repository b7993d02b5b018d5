import { existsSync } from 'node:fs'
import type { ResourceType } from '../../core/resource-types.ts'
import { requireCurrentSchema } from '../copy/sql-endpoints.ts'
import { sqlReads } from '../sql/reads.ts'
import { scanOver } from '../sql/tag-reader.ts'
import { type HistoryReads, type Scan, type Store, StoreUnavailable } from '../store.ts'
import { SqliteConnection } from './connection.ts'
import { databaseFileIn } from './data-folder.ts'
import { findDamage, findUnreadablePart } from './database-file.ts'
import { inspectDataFolder } from './inspect-folder.ts'
import { readSqliteVersion } from './schema-version.ts'

/** A scan reads each page once, so a larger page cache would not help. */
const SCAN_CACHE_KIB = 2048
/** SQLite reads a batch synchronously, so the event loop is blocked meanwhile, and reading ahead would gain nothing. */
const SCAN_BATCHES = { rows: 16, isAhead: false }

const DAMAGE_LISTED_MAX = 100

/** The reads of a store that work without its writer. */
export type ReadOnlyStore = Pick<
  Store,
  | 'getDomainByName'
  | 'findDamagedAccounts'
  | 'listDomains'
  | 'listProjects'
  | 'getAccountsRevision'
  | 'listTagPolicies'
  | 'getEffectivePolicy'
  | 'getRevision'
  | 'getTypes'
  | 'changesSince'
  | 'scan'
  | keyof HistoryReads
  | 'close'
> & {
  /** Returns the damage that the engine finds in its own structures, in words of the engine. */
  findDamage(): Promise<readonly string[]>
}

/**
 * Opens a data folder for reading, also while another process has locked it. Throws when it holds no data or
 * not the data that was acknowledged, and when its schema version is not this program's.
 */
export async function openSqliteReadOnly(folder: string): Promise<ReadOnlyStore> {
  const file = databaseFileIn(folder)
  if ((await inspectDataFolder(folder)) === 'nothing') throw new Error(`there is no data of Tagwerk in ${folder}`)
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
    findDamage: async () => {
      const damage = await findDamage(connection, DAMAGE_LISTED_MAX)
      const unreadable = damage.length === 0 ? undefined : await findUnreadablePart(file)
      return unreadable === undefined ? damage : [unreadable, ...damage]
    },
    close: async () => connection.close(),
  }
}

/** See `TagStore.scan`. */
export async function scanFile(file: string, project: string, types?: readonly ResourceType[]): Promise<Scan> {
  if (!existsSync(file)) throw new StoreUnavailable(`the database ${file} no longer exists`, 'disk')
  // A separate connection, because the snapshot lives as long as the transaction of the scan.
  const connection = new SqliteConnection(file, { readOnly: true, cacheKib: SCAN_CACHE_KIB })
  try {
    connection.exec('BEGIN')
    return await scanOver(connection, project, types, () => connection.close(), SCAN_BATCHES)
  } catch (error) {
    connection.close()
    throw error
  }
}
