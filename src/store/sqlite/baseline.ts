import type { AccountLogEntry } from '../account-records.ts'
import { COPY_TABLES } from '../copy/tables.ts'
import { ofLastChange } from '../sql/log-key.ts'
import type { SqlWrites } from '../sql/writes.ts'
import type { SqliteConnection } from './connection.ts'

/** A state of the whole store that it can go back to. For stores that do not outlive the process. */
export interface Baseline {
  /** Makes the present state the one to go back to, in place of an earlier one. */
  keep(): Promise<void>

  /**
   * Goes back to the state that was kept, in one transaction, and appends an entry to its account log. Revisions do not go
   * back: every project that the state has, and the accounts, get one above all that readers have seen, which is also the
   * horizon of the project: its change log holds the state that was kept.
   */
  restore(entry: AccountLogEntry): Promise<void>
}

/** One call of a baseline, as a message. */
export type BaselineCall = 'keep' | { readonly restore: AccountLogEntry }

/** Executes a call that came as a message, in the caller's transaction. */
export async function executeBaselineCall(
  db: SqliteConnection,
  writes: Pick<SqlWrites, 'logged'>,
  call: BaselineCall,
): Promise<void> {
  if (call === 'keep') keep(db)
  else await writes.logged(call.restore, () => restore(db))
}

/**
 * A change log that goes on from the state that was kept has a gap, which is below the horizon. Of the changes before,
 * the last one of each resource is kept, and a resource that was deleted is not known any more.
 */
const KEPT: Readonly<Record<string, string>> = {
  change_log: `EXISTS (SELECT 1 FROM resource WHERE resource.project_no = change_log.project_no
    AND resource.resource_type = change_log.resource_type AND resource.resource_id = change_log.resource_id
    AND resource.revision = change_log.revision)`,
  former_resource: 'FALSE',
}

const copyOf = (name: string) => `baseline_${name}`

function keep(db: SqliteConnection): void {
  for (const { name, columns } of COPY_TABLES) {
    db.exec(`DROP TABLE IF EXISTS ${copyOf(name)}`)
    db.exec(`CREATE TABLE ${copyOf(name)} AS SELECT ${columns.join(', ')} FROM ${name} WHERE ${KEPT[name] ?? 'TRUE'}`)
  }
}

async function restore(db: SqliteConnection): Promise<void> {
  const present = (value: string) =>
    `COALESCE((SELECT ${value} FROM project_state WHERE project_state.project_id = kept.project_id), 0)`
  const next = `MAX(revision, ${present(ofLastChange('revision'))}) + 1`
  const atMs = `MAX(last_at_ms, ${present(ofLastChange('at_ms'))})`
  // Indexes and caches that hold later changes are replaced because the revision is above theirs and the log has a gap.
  db.exec(`UPDATE ${copyOf('project_state')} AS kept
    SET revision = ${next}, horizon = ${next}, last_at_ms = ${atMs}, horizon_at_ms = ${atMs}`)
  db.exec(`UPDATE ${copyOf('account_state')} SET revision = (SELECT revision FROM account_state) + 1`)
  for (const { name, columns } of COPY_TABLES) {
    const list = columns.join(', ')
    db.exec(`DELETE FROM ${name}`)
    db.exec(`INSERT INTO ${name} (${list}) SELECT ${list} FROM ${copyOf(name)}`)
  }
}
