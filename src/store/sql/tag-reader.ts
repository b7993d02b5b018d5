import type { ProjectUsage } from '../../core/project-quota.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import { DamagedRow } from '../damaged-row.ts'
import type { Change, Scan, StoredResource } from '../store.ts'
import { JOIN_STATE, KEY, ofLastChange, PROJECT_NO, REVISION_MAX, STATE_COLUMNS } from './log-key.ts'
import { toChange, toResource, toUsage } from './rows.ts'
import type { Row, SqlConnection } from './sql.ts'

const REVISION = `SELECT ${ofLastChange('revision')} AS revision FROM project_state WHERE project_id = ?`

/** Reads of the change log over one connection of either engine; see `TagStore`. */
export function tagReads(db: SqlConnection) {
  return {
    async getRevision(project: string): Promise<number> {
      const row = await db.get(REVISION, project)
      return row === undefined ? 0 : Number(row.revision)
    },

    async getUsage(project: string): Promise<ProjectUsage> {
      return toUsage(
        await db.get('SELECT resource_count, detail_bytes FROM project_state WHERE project_id = ?', project),
      )
    },

    getTypes(project: string): Promise<readonly ResourceType[]> {
      return typesOf(db, project)
    },

    async changesSince(
      project: string,
      revision: number,
      limit: number,
      upTo = Number.MAX_SAFE_INTEGER,
    ): Promise<readonly Change[]> {
      const sql = `SELECT * FROM change_log WHERE log_key > ${KEY} AND log_key <= ${KEY} ORDER BY log_key LIMIT ?`
      const [from, to] = [Math.min(revision, REVISION_MAX), Math.min(upTo, REVISION_MAX)]
      return (await db.all(sql, project, from, project, to, limit)).map(toChange)
    },
  }
}

export type ScanBatches = {
  /** Rows per batch, which are parsed without a pause. */
  readonly rows: number
  /** True: each batch is requested before the previous one is yielded, so that a server works while the caller does. */
  readonly isAhead: boolean
}

/**
 * Reads all resources of some types; see `TagStore.scan`. The connection must be in a read transaction until the batches
 * are read, and `release` is called then, or when the loop is left. See `ScanBatches`.
 */
export async function scanOver(
  db: SqlConnection,
  project: string,
  types: readonly ResourceType[] | undefined,
  release: () => void,
  batches: ScanBatches,
): Promise<Scan> {
  const revision = await tagReads(db).getRevision(project)
  const damaged: DamagedRow[] = []
  const read = (async function* (): AsyncGenerator<readonly StoredResource[]> {
    try {
      yield* resourcesOf(db, project, types ?? (await typesOf(db, project)), damaged, batches)
    } finally {
      release()
    }
  })()
  return { revision, batches: read, damaged }
}

/** The types that a project has resources of, ascending: one look-up in the primary key each. */
async function typesOf(db: SqlConnection, project: string): Promise<readonly ResourceType[]> {
  const rows = await db.all(
    `WITH RECURSIVE found (name) AS (
      SELECT MIN(resource_type) FROM resource WHERE project_no = ${PROJECT_NO}
      UNION ALL
      SELECT (SELECT MIN(resource_type) FROM resource WHERE project_no = ${PROJECT_NO} AND resource_type > found.name)
      FROM found WHERE found.name IS NOT NULL
    ) SELECT name FROM found WHERE name IS NOT NULL`,
    project,
    project,
  )
  return rows.map(({ name }) => String(name) as ResourceType)
}

/**
 * Yields resources in batches, and adds damaged rows to `damaged`. The connection must stay in one read transaction
 * meanwhile.
 */
async function* resourcesOf(
  db: SqlConnection,
  project: string,
  types: readonly ResourceType[],
  damaged: DamagedRow[],
  { rows: batchRows, isAhead }: ScanBatches,
): AsyncGenerator<readonly StoredResource[]> {
  const toResourceIfSound = (row: Row): StoredResource | undefined => {
    try {
      return toResource(row)
    } catch (error) {
      if (!(error instanceof DamagedRow)) throw error
      damaged.push(error)
      return undefined
    }
  }
  const columns = 'resource.resource_type, resource.sequence, resource.resource_id, resource.revision'
  const sql = `SELECT ${columns}, ${STATE_COLUMNS.join(', ')} FROM resource ${JOIN_STATE}
    WHERE resource.project_no = ${PROJECT_NO} AND resource.resource_type = ? AND resource.sequence > ?
    ORDER BY resource.sequence LIMIT ?`
  for (const type of types) {
    let last = 0
    const read = () => db.all(sql, project, type, last, batchRows)
    let nextRows = read()
    for (;;) {
      const rows = await nextRows
      const isLast = rows.length < batchRows
      if (!isLast) {
        last = Number(rows[rows.length - 1]?.sequence)
        if (isAhead) nextRows = read()
        // The error is thrown by the await of the next round; without a handler until then it would count as unhandled.
        nextRows.catch(() => undefined)
      }
      if (rows.length > 0) yield rows.map(toResourceIfSound).filter((resource) => resource !== undefined)
      if (isLast) break
      if (!isAhead) nextRows = read()
    }
  }
}
