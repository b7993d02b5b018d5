import type { AccountLogEntry } from '../account-records.ts'
import { COPY_TABLES } from '../copy/tables.ts'
import type { SqlWrites } from '../sql/writes.ts'
import type { SqliteConnection } from './connection.ts'

/** A state of the whole store that it can go back to. For stores that do not outlive the process. */
export interface Baseline {
  /** Makes the present state the one to go back to, in place of an earlier one. */
  keep(): Promise<void>

  /**
   * Goes back to the state that was kept, in one transaction, and appends an entry to its account log. Revisions do not go
   * back: every project that the state has, and the accounts, get one above all that readers have seen. The change log of
   * resources is empty afterwards.
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

/** A change log that goes on from the state that was kept would have a gap, so it begins anew. */
const FORGOTTEN = 'change_log'
const KEPT_TABLES = COPY_TABLES.filter(({ name }) => name !== FORGOTTEN)

const copyOf = (name: string) => `baseline_${name}`

function keep(db: SqliteConnection): void {
  for (const { name, columns } of KEPT_TABLES) {
    db.exec(`DROP TABLE IF EXISTS ${copyOf(name)}`)
    db.exec(`CREATE TABLE ${copyOf(name)} AS SELECT ${columns.join(', ')} FROM ${name}`)
  }
}

async function restore(db: SqliteConnection): Promise<void> {
  const ofProject = `SELECT revision FROM project_state WHERE project_state.project_id = kept.project_id`
  // Indexes and caches that hold later changes are replaced because the revision is above theirs and the log has a gap.
  db.exec(`UPDATE ${copyOf('project_state')} AS kept SET revision = MAX(revision, COALESCE((${ofProject}), 0)) + 1`)
  db.exec(`UPDATE ${copyOf('account_state')} SET revision = (SELECT revision FROM account_state) + 1`)
  for (const { name, columns } of KEPT_TABLES) {
    const list = columns.join(', ')
    db.exec(`DELETE FROM ${name}`)
    db.exec(`INSERT INTO ${name} (${list}) SELECT ${list} FROM ${copyOf(name)}`)
  }
  db.exec(`DELETE FROM ${FORGOTTEN}`)
}
