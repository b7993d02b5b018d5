import type { Counters } from './decisions.ts'
import { toUsage } from './rows.ts'
import type { SqlConnection } from './sql.ts'

// Row locks. A transaction whose writes depend on rows that it has read locks one row first, so that concurrent
// transactions cannot change those rows in between. Each statement is an update without effect, which locks the row on
// PostgreSQL; SQLite has one writer and needs no row locks. A transaction that takes two locks takes the project's first.

/** Locks the accounts of the whole service. */
export function lockAccounts(db: SqlConnection): Promise<void> {
  return db.run('UPDATE account_state SET only_row = only_row')
}

/** Locks a project's resources; does nothing when the project was never written. */
export function lockProjectRow(db: SqlConnection, project: string): Promise<void> {
  return db.run('UPDATE project_state SET revision = revision WHERE project_id = ?', project)
}

/** Locks a project's resources, inserting its row if it is missing, and returns where its numbers stand. */
export async function lockProjectCounters(db: SqlConnection, project: string): Promise<Counters> {
  const row = await db.get(
    `INSERT INTO project_state (project_id, revision, last_sequence) VALUES (?, 0, 0)
     ON CONFLICT (project_id) DO UPDATE SET revision = project_state.revision
     RETURNING revision, last_sequence, last_at_ms, resource_count, detail_bytes`,
    project,
  )
  return {
    revision: Number(row?.revision),
    lastSequence: Number(row?.last_sequence),
    lastAtMs: Number(row?.last_at_ms),
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

/** Locks the predefined tags of a domain. */
export function lockPredefinedTags(db: SqlConnection, domainId: string): Promise<void> {
  return db.run(
    `INSERT INTO predefined_tag_state (domain_id) VALUES (?)
     ON CONFLICT (domain_id) DO UPDATE SET domain_id = excluded.domain_id`,
    domainId,
  )
}
