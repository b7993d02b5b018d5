import type { AccountLogEntry, AccountLogTarget, LoggedAccountChange } from '../account-records.ts'
import { ofRow, readObject } from './account-rows.ts'
import { accountStatements } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { Row, SqlConnection } from './sql.ts'

/** Reads the entries of the account log; see `AccountStore`. */
export function accountLogReads(db: SqlConnection) {
  return {
    async listAccountLog(domainId: string, limit: number, before?: number): Promise<readonly LoggedAccountChange[]> {
      const sql = 'SELECT * FROM account_log WHERE domain_id = ? AND revision < ? ORDER BY revision DESC LIMIT ?'
      return (await db.all(sql, domainId, before ?? Number.MAX_SAFE_INTEGER, limit)).map(toChange)
    },
  }
}

/** How the name of a target is found. That of an access key is the name of its user. */
const NAME_STATEMENTS: Readonly<Record<AccountLogTarget['kind'], string>> = {
  domain: 'SELECT name FROM domain WHERE domain_id = ?',
  user: 'SELECT name FROM app_user WHERE user_id = ?',
  project: 'SELECT name FROM project WHERE project_id = ?',
  policy: 'SELECT display_name AS name FROM custom_role WHERE role_id = ?',
  'tag-policy': `SELECT name FROM tag_policy WHERE place_id || '/' || name = ?`,
  'signing-key': 'SELECT key_id AS name FROM signing_key WHERE key_id = ?',
  'access-key':
    'SELECT app_user.name AS name FROM access_key JOIN app_user ON app_user.user_id = access_key.user_id WHERE access_key = ?',
}

/** Appends to the account log; see `AccountStore`. */
export function accountLogWrites(db: SqlConnection) {
  const { insertRow } = accountStatements(db)

  async function readRevision(): Promise<number> {
    return Number((await db.get('SELECT revision FROM account_state'))?.revision ?? 0)
  }

  async function nameOf({ kind, id }: AccountLogTarget): Promise<string | undefined> {
    const row = await db.get(NAME_STATEMENTS[kind], id)
    return row === undefined ? undefined : String(row.name)
  }

  return {
    /** Executes a write and appends an entry if that has raised the accounts revision. */
    async logged<T>(entry: AccountLogEntry, write: () => Promise<T>): Promise<T> {
      await lockAccounts(db)
      const before = await readRevision()
      const name = await nameOf(entry.target)
      const result = await write()
      const revision = await readRevision()
      if (revision === before) return result
      const { domainId, atMs, actorId, actorName, address, requestId, event, target, detail } = entry
      await insertRow('account_log', {
        revision,
        domain_id: domainId,
        at_ms: atMs,
        actor_id: actorId,
        actor_name: actorName,
        address,
        request_id: requestId,
        event,
        target_kind: target.kind,
        target_id: target.id,
        // A record that was created has no name before, and one that was deleted none afterwards.
        target_name: name ?? (await nameOf(target)) ?? '',
        detail,
      })
      return result
    },
  }
}

function toChange(row: Row): LoggedAccountChange {
  return {
    revision: Number(row.revision),
    domainId: String(row.domain_id),
    atMs: Number(row.at_ms),
    actorId: String(row.actor_id),
    actorName: String(row.actor_name),
    address: String(row.address),
    requestId: String(row.request_id),
    event: String(row.event),
    target: { kind: row.target_kind as AccountLogTarget['kind'], id: String(row.target_id) },
    targetName: String(row.target_name),
    detail: String(row.detail),
  }
}

/** Throws a DamagedRow unless the detail of an entry is a JSON object. */
export function checkEntry({ revision, detail }: Row): void {
  ofRow(`entry ${revision} of the account log`, () => readObject(String(detail)))
}
