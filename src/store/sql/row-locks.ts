import type { Counters } from './decisions.ts'
import { FIRST_KEY, REVISION_MAX } from './log-key.ts'
import { toUsage } from './rows.ts'
import type { Row, SqlConnection } from './sql.ts'

// Row locks. A transaction whose writes depend on rows that it has read locks one row first, so that concurrent
// transactions cannot change those rows in between. Nearly each statement is an update without effect, which locks the row
// on PostgreSQL; SQLite has one writer and needs no row locks. A transaction that takes two locks takes the project's first; one
// that changes tag policies takes the accounts' before those of projects, which no transaction of a project takes.

/** Locks the accounts of the whole service. */
export function lockAccounts(db: SqlConnection): Promise<void> {
  return db.run('UPDATE account_state SET only_row = only_row')
}

/** Locks a project's resources; does nothing when the project was never written. */
export function lockProjectRow(db: SqlConnection, project: string): Promise<void> {
  return db.run('UPDATE project_state SET revision = revision WHERE project_id = ?', project)
}

/** Where the numbers of a project stand, its own number, and the hash of the tag policy that applies to it. */
export type ProjectCounters = Counters & { readonly projectNo: number; readonly policyHash: string | undefined }

/** Locks a project's resources, inserting its row if it is missing, and returns where its numbers stand. */
export async function lockProjectCounters(db: SqlConnection, project: string): Promise<ProjectCounters> {
  // Both share a round trip. The second reads what was committed before the first had the lock.
  const [row, last] = await Promise.all([
    db.get(`${SELECT_COUNTERS} WHERE project_id = ?${db.rowLock}`, project),
    db.get(LAST_CHANGE, project, project),
  ])
  if (row !== undefined) return toCounters(row, last)
  await insertProject(db, project)
  return lockProjectCounters(db, project)
}

const COUNTERS = 'project_no, revision, last_sequence, last_at_ms, resource_count, detail_bytes, policy_hash'
const SELECT_COUNTERS = `SELECT ${COUNTERS} FROM project_state`
const LAST_CHANGE = `SELECT revision, at_ms FROM change_log WHERE log_key > ${FIRST_KEY} AND log_key <= ${FIRST_KEY} + ${REVISION_MAX}
  ORDER BY log_key DESC LIMIT 1`

/** Inserts the row of a project unless another transaction does. */
export async function insertProject(db: SqlConnection, project: string): Promise<void> {
  await db.run(
    `INSERT INTO project_state (project_id, project_no, revision, last_sequence) VALUES (?, ${db.nextProjectNo}, 0, 0)
     ON CONFLICT (project_id) DO UPDATE SET revision = project_state.revision`,
    project,
  )
}

function toCounters(row: Row, last: Row | undefined): ProjectCounters {
  const lastAtMs = Number(last?.at_ms)
  return {
    projectNo: Number(row.project_no),
    policyHash: row.policy_hash === null ? undefined : String(row.policy_hash),
    revision: Math.max(Number(row.revision), Number(last?.revision ?? 0)),
    lastSequence: Number(row.last_sequence),
    // The row of the last change may be damaged.
    lastAtMs: Math.max(Number(row.last_at_ms), Number.isSafeInteger(lastAtMs) ? lastAtMs : 0),
    usage: toUsage(row),
  }
}

/** Locks the images that are shared with a project. */
export function lockSharedImages(db: SqlConnection, memberProject: string): Promise<void> {
  return db.run(
    `INSERT INTO image_member_state (member_project_id) VALUES (?)
     ON CONFLICT (member_project_id) DO UPDATE SET member_project_id = excluded.member_project_id`,
    memberProject,
  )
}

/** Locks the plans of a project. */
export function lockPlans(db: SqlConnection, project: string): Promise<void> {
  return db.run(
    `INSERT INTO plan_state (project_id) VALUES (?)
     ON CONFLICT (project_id) DO UPDATE SET project_id = excluded.project_id`,
    project,
  )
}

/** Locks the coverage of a project, and counts its writes, by which a copy detects them. */
export function lockCoverage(db: SqlConnection, project: string): Promise<void> {
  return db.run(
    `INSERT INTO coverage_state (project_id, writes, removed) VALUES (?, 1, 0)
     ON CONFLICT (project_id) DO UPDATE SET writes = coverage_state.writes + 1`,
    project,
  )
}

/** Locks the predefined tags of a domain. */
export function lockPredefinedTags(db: SqlConnection, domainId: string): Promise<void> {
  return db.run(
    `INSERT INTO predefined_tag_state (domain_id) VALUES (?)
     ON CONFLICT (domain_id) DO UPDATE SET domain_id = excluded.domain_id`,
    domainId,
  )
}
