import type { ResourceType } from '../../core/resource-types.ts'
import type { Change, HistoryReads, HistoryState } from '../store.ts'
import { SELECT_CHANGE } from './batch-statements.ts'
import { FIRST_KEY, KEY, logKey, ofLastChange, REVISION_MAX } from './log-key.ts'
import { toChange } from './rows.ts'
import type { SqlConnection } from './sql.ts'

const HORIZON = 'COALESCE((SELECT horizon FROM project_state WHERE project_id = ?), 0)'

const IS_FOUND = 'CASE WHEN life.revision < ? THEN 1 ELSE 0 END'

/**
 * The changes of one resource, each found through the pointer of the one after it. A walk from a revision of the resource
 * itself, as the next page begins, starts there; any other starts at its last change. The page comes first in the join:
 * SQLite keeps the order of a cross join, and would otherwise read the whole log to have its order.
 */
const CHANGES_OF = `WITH RECURSIVE project (first_key, project_no, horizon) AS (
    SELECT ${FIRST_KEY}, project_no, horizon FROM project_state WHERE project_id = ?
  ), life (revision, found) AS (
    SELECT COALESCE(
      (SELECT CASE WHEN revision > project.horizon THEN COALESCE(prior_revision, 0) ELSE 0 END FROM change_log
        WHERE log_key = project.first_key + CAST(? AS BIGINT) AND resource_type = ? AND resource_id = ?),
      (SELECT revision FROM resource WHERE project_no = project.project_no AND resource_type = ? AND resource_id = ?),
      (SELECT revision FROM former_resource WHERE project_no = project.project_no AND resource_type = ? AND resource_id = ?)
    ), 0 FROM project
    UNION ALL
    SELECT later.prior_revision, life.found + ${IS_FOUND}
    FROM life CROSS JOIN project JOIN change_log AS later ON later.log_key = project.first_key + life.revision
    WHERE later.prior_revision < later.revision AND life.revision > project.horizon AND life.found + ${IS_FOUND} < ?
  )
  SELECT change_log.*
  FROM (SELECT revision FROM life WHERE revision < ? ORDER BY revision DESC LIMIT ?) AS page
  CROSS JOIN project CROSS JOIN change_log
  WHERE log_key = project.first_key + page.revision AND (page.revision > project.horizon OR tags IS NOT NULL)
  ORDER BY page.revision DESC`

const MIDDLE = '(low + high + 1) / 2'

/** A binary search over the primary key: the times of a log do not decrease. */
const REVISION_AT = `WITH RECURSIVE search (first_key, low, high) AS (
    SELECT ${FIRST_KEY}, horizon, ${ofLastChange('revision')} FROM project_state WHERE project_id = ? AND horizon_at_ms <= ?
    UNION ALL
    SELECT first_key, CASE WHEN at_ms <= ? THEN ${MIDDLE} ELSE low END,
      CASE WHEN at_ms <= ? THEN high ELSE (${MIDDLE}) - 1 END
    FROM search LEFT JOIN change_log ON log_key = first_key + ${MIDDLE} WHERE low < high
  )
  SELECT low FROM search WHERE low >= high`

/** Reads of the history over one connection of either engine; see `HistoryReads`. */
export function historyReads(db: SqlConnection): HistoryReads {
  return {
    async getHistoryState(project: string): Promise<HistoryState> {
      const sql = `SELECT ${ofLastChange('revision')} AS revision, horizon, horizon_at_ms, ${ofLastChange('at_ms')} AS last_at_ms
        FROM project_state WHERE project_id = ?`
      const row = await db.get(sql, project)
      return {
        revision: Number(row?.revision ?? 0),
        horizon: Number(row?.horizon ?? 0),
        horizonAtMs: Number(row?.horizon_at_ms ?? 0),
        lastAtMs: Number(row?.last_at_ms ?? 0),
      }
    },

    async changesBefore(project: string, before = Number.MAX_SAFE_INTEGER, limit: number): Promise<readonly Change[]> {
      const sql = `SELECT * FROM change_log WHERE log_key < ${KEY} AND log_key > ${FIRST_KEY} + ${HORIZON}
        ORDER BY log_key DESC LIMIT ?`
      const below = Math.min(before, REVISION_MAX)
      return (await db.all(sql, project, below, project, project, limit)).map(toChange)
    },

    async changesOf(
      project: string,
      type: ResourceType,
      id: string,
      before = Number.MAX_SAFE_INTEGER,
      limit: number,
    ): Promise<readonly Change[]> {
      const [below, resource] = [Math.min(before, REVISION_MAX), [type, id]]
      const start = [project, project, below, ...resource, ...resource, ...resource]
      return (await db.all(CHANGES_OF, ...start, below, below, limit, below, limit)).map(toChange)
    },

    async getChanges(project: string, revisions: readonly number[]): Promise<readonly (Change | undefined)[]> {
      const state = await db.get('SELECT project_no FROM project_state WHERE project_id = ?', project)
      if (state === undefined) return revisions.map(() => undefined)
      const rows = await db.getBatch(
        SELECT_CHANGE,
        revisions.map((revision) => [logKey(Number(state.project_no), Math.min(revision, REVISION_MAX))]),
      )
      return rows.map((row) => row && toChange(row))
    },

    async revisionAt(project: string, atMs: number): Promise<number> {
      const row = await db.get(REVISION_AT, project, project, atMs, atMs, atMs)
      return Number(row?.low ?? 0)
    },
  }
}
