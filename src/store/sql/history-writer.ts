import type { ForgottenChanges } from '../store.ts'
import { DELETE_CHANGE, DELETE_FORMER_AT } from './batch-statements.ts'
import { KEY, logKey, ofLastChange } from './log-key.ts'
import { lockProjectRow } from './row-locks.ts'
import type { Row, SqlConnection, SqlValue } from './sql.ts'

const NOTHING: ForgottenChanges = { changes: 0, rows: 0 }

const STATE = `SELECT project_no, horizon, ${ofLastChange('revision')} AS revision FROM project_state WHERE project_id = ?`

/** The changes above the horizon but the last one, each with the change before it where that is still there. */
const NEXT_CHANGES = `SELECT later.revision, later.resource_type, later.resource_id, later.at_ms,
    CASE WHEN later.tags IS NULL THEN 1 ELSE 0 END AS is_deletion, earlier.revision AS replaced
  FROM change_log AS later
  LEFT JOIN change_log AS earlier
    ON earlier.log_key = later.log_key - later.revision + later.prior_revision
  WHERE later.log_key > ${KEY} AND later.log_key < ${KEY}
  ORDER BY later.log_key LIMIT ?`

/** Forgets the past; see `HistoryWrites`. */
export function historyWrites(db: SqlConnection) {
  return {
    async forgetHistory(project: string, beforeMs: number, limit: number): Promise<ForgottenChanges> {
      await lockProjectRow(db, project)
      const state = await db.get(STATE, project)
      if (state === undefined) return NOTHING
      const [projectNo, horizon] = [Number(state.project_no), Number(state.horizon)]
      const next = await db.all(NEXT_CHANGES, project, horizon, project, Number(state.revision), limit)
      const past = next.slice(0, lengthOfPast(next, beforeMs))
      const last = past.at(-1)
      if (last === undefined) return NOTHING
      const deletions = past.filter(({ is_deletion }) => Number(is_deletion) === 1)
      // A deletion goes, and so does each change that a later one up to the new horizon replaces.
      const gone = new Set<SqlValue>(deletions.map(({ revision }) => Number(revision)))
      for (const { replaced } of past) if (replaced !== null) gone.add(Number(replaced))
      await db.runBatch(
        DELETE_CHANGE,
        Array.from(gone, (revision) => [logKey(projectNo, Number(revision))]),
      )
      await db.runBatch(
        DELETE_FORMER_AT,
        deletions.map(({ revision, resource_type: type, resource_id: id }) => [
          projectNo,
          type as string,
          id as string,
          Number(revision),
        ]),
      )
      const atMs = Number(past.findLast(hasTime)?.at_ms ?? 0)
      const sql = 'UPDATE project_state SET horizon = ?, horizon_at_ms = ? WHERE project_id = ?'
      await db.run(sql, Number(last.revision), atMs, project)
      return { changes: past.length, rows: gone.size }
    },
  }
}

/** The number of the first changes that are from before a time. One whose time is damaged is as old as the one after it. */
function lengthOfPast(changes: readonly Row[], beforeMs: number): number {
  const end = changes.findIndex((change) => hasTime(change) && Number(change.at_ms) >= beforeMs)
  return end < 0 ? changes.length : end
}

function hasTime({ at_ms }: Row): boolean {
  return at_ms !== null && Number.isSafeInteger(Number(at_ms))
}
