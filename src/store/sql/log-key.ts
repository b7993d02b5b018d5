import type { SqlValue } from './sql.ts'

// The change log has one number as its key: that of the project above that of the revision. SQLite then keeps the rows in
// the order of their keys with hardly any overhead, and appends to a page that is in memory.

const REVISIONS = 2 ** 40

/** The highest revision that fits into a key. */
export const REVISION_MAX = REVISIONS - 1

/** The key of the change of revision 0, which no project has. Parameter: the id of the project. */
export const FIRST_KEY = `(SELECT project_no * ${REVISIONS} FROM project_state WHERE project_id = ?)`

/** The key of a change. Parameters: the id of the project, the revision. */
export const KEY = `(${FIRST_KEY} + CAST(? AS BIGINT))`

/** The number of a project; null for one that was never written. Parameter: its id. */
export const PROJECT_NO = '(SELECT project_no FROM project_state WHERE project_id = ?)'

/** Joins the last change of each resource, which has its state. */
export const JOIN_STATE = `LEFT JOIN change_log ON log_key = resource.project_no * ${REVISIONS} + resource.revision`

/** The state of a resource in that join, and which resource the joined change is of. */
export const STATE_COLUMNS = [
  'name',
  'detail',
  'tags',
  'created_at_ms',
  'at_ms',
  'change_log.resource_type AS logged_type',
  'change_log.resource_id AS logged_id',
]

/**
 * A value of the last change of each project in a query of `project_state`. That row is not written by a change which
 * leaves the number of resources and their details as they are, so its own revision may be lower.
 */
export function ofLastChange(column: 'revision' | 'at_ms'): string {
  const stored = column === 'revision' ? 'revision' : 'last_at_ms'
  const first = `project_state.project_no * ${REVISIONS}`
  return `COALESCE((SELECT change_log.${column} FROM change_log
    WHERE log_key > ${first} + project_state.revision AND log_key < ${first} + ${REVISIONS}
    ORDER BY log_key DESC LIMIT 1), project_state.${stored})`
}

/** Returns the key of a change as a parameter. It may be beyond the safe integers, and is then a text. */
export function logKey(projectNo: number, revision: number): SqlValue {
  const key = projectNo * REVISIONS + revision
  return Number.isSafeInteger(key) ? key : String(BigInt(projectNo) * BigInt(REVISIONS) + BigInt(revision))
}
