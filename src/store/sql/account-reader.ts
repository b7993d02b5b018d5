import { compareCodePoints } from '../../core/text.ts'
import type {
  AccessKey,
  CustomRole,
  Domain,
  Project,
  RoleAssignment,
  StoredSigningKey,
  User,
} from '../account-records.ts'
import { DamagedRow, rowDamaged } from '../damaged-row.ts'
import { accountLogReads, checkEntry } from './account-log.ts'
import {
  checkSigningKey,
  toAccessKey,
  toAssignment,
  toCustomRole,
  toDomain,
  toProject,
  toSigningKey,
  toUser,
} from './account-rows.ts'
import type { Row, SqlConnection, SqlValue } from './sql.ts'

/** The tables whose rows may be damaged in a way that their columns allow, with their keys. */
const CHECKED: readonly (readonly [table: string, key: string, toRecord: (row: Row) => unknown])[] = [
  ['project', 'project_id', toProject],
  ['app_user', 'user_id', toUser],
  ['custom_role', 'role_id', toCustomRole],
  ['account_log', 'revision', checkEntry],
  ['signing_key', 'key_id', checkSigningKey],
]
const ROWS_PER_PAGE = 500

/** Reads a row. Throws what a caller receives when it is damaged. */
export function readRow<T>(toRecord: (row: Row) => T, row: Row): T {
  const record = ifSound(toRecord, row)
  if (record instanceof DamagedRow) throw rowDamaged(record)
  return record
}

function ifSound<T>(toRecord: (row: Row) => T, row: Row): T | DamagedRow {
  try {
    return toRecord(row)
  } catch (error) {
    if (!(error instanceof DamagedRow)) throw error
    return error
  }
}

/** Reads of accounts over one connection of either engine; see `AccountStore`. */
export function accountReads(db: SqlConnection) {
  async function one<T>(toRecord: (row: Row) => T, sql: string, ...params: readonly SqlValue[]) {
    const row = await db.get(sql, ...params)
    return row === undefined ? undefined : readRow(toRecord, row)
  }

  /** The records of the rows that are not damaged. */
  const sound = <T>(rows: readonly Row[], toRecord: (row: Row) => T): T[] =>
    rows.flatMap((row) => {
      const record = ifSound(toRecord, row)
      return record instanceof DamagedRow ? [] : [record]
    })

  return {
    ...accountLogReads(db),

    async getAccountsRevision(): Promise<number> {
      const row = await db.get('SELECT revision FROM account_state')
      return row === undefined ? 0 : Number(row.revision)
    },

    async findDamagedAccounts(): Promise<readonly DamagedRow[]> {
      const damaged: DamagedRow[] = []
      for (const [table, key, toRecord] of CHECKED) {
        const page = `SELECT * FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${ROWS_PER_PAGE}`
        let last: SqlValue = key === 'revision' ? -1 : ''
        for (;;) {
          const rows = await db.all(page, last)
          for (const row of rows) {
            const record = ifSound<unknown>(toRecord, row)
            if (record instanceof DamagedRow) damaged.push(record)
          }
          if (rows.length < ROWS_PER_PAGE) break
          last = rows.at(-1)?.[key] as SqlValue
          // Requests are answered between two pages.
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      return damaged
    },

    async listSigningKeys(): Promise<readonly StoredSigningKey[]> {
      const keys = (await db.all('SELECT * FROM signing_key')).map(toSigningKey)
      return keys.sort((a, b) => compareCodePoints(a.id, b.id))
    },

    async listAccessKeySecrets(): Promise<readonly Pick<AccessKey, 'accessKey' | 'secretKey'>[]> {
      const rows = await db.all('SELECT access_key, secret_key FROM access_key')
      const secrets = rows.map((row) => ({ accessKey: String(row.access_key), secretKey: String(row.secret_key) }))
      return secrets.sort((a, b) => compareCodePoints(a.accessKey, b.accessKey))
    },

    getDomain: (id: string): Promise<Domain | undefined> =>
      one(toDomain, 'SELECT * FROM domain WHERE domain_id = ?', id),

    getDomainByName: (name: string): Promise<Domain | undefined> =>
      one(toDomain, 'SELECT * FROM domain WHERE name = ?', name),

    getProject: (id: string): Promise<Project | undefined> =>
      one(toProject, 'SELECT * FROM project WHERE project_id = ?', id),

    getProjectByName: (domainId: string, name: string): Promise<Project | undefined> =>
      one(toProject, 'SELECT * FROM project WHERE domain_id = ? AND name = ?', domainId, name),

    getUser: (id: string): Promise<User | undefined> => one(toUser, 'SELECT * FROM app_user WHERE user_id = ?', id),

    getUserByName: (domainId: string, name: string): Promise<User | undefined> =>
      one(toUser, 'SELECT * FROM app_user WHERE domain_id = ? AND name = ?', domainId, name),

    async listDomains(): Promise<readonly Domain[]> {
      const rows = await db.all('SELECT * FROM domain')
      return rows.map(toDomain).sort((a, b) => compareCodePoints(a.name, b.name))
    },

    async listProjects(domainId: string): Promise<readonly Project[]> {
      const rows = await db.all('SELECT * FROM project WHERE domain_id = ?', domainId)
      // NOTE: sorted here, because the collation of a database may differ from code point order.
      return sound(rows, toProject).sort((a, b) => compareCodePoints(a.name, b.name))
    },

    async listUsers(domainId: string): Promise<readonly User[]> {
      const rows = await db.all('SELECT * FROM app_user WHERE domain_id = ?', domainId)
      return sound(rows, toUser).sort((a, b) => compareCodePoints(a.name, b.name))
    },

    async listAssignments(userId: string): Promise<readonly RoleAssignment[]> {
      const rows = await db.all('SELECT * FROM role_assignment WHERE user_id = ?', userId)
      return rows
        .map(toAssignment)
        .sort(
          (a, b) =>
            compareCodePoints(a.scope, b.scope) ||
            compareCodePoints(a.scopeId, b.scopeId) ||
            compareCodePoints(a.role, b.role),
        )
    },

    getRole: (id: string): Promise<CustomRole | undefined> =>
      one(toCustomRole, 'SELECT * FROM custom_role WHERE role_id = ?', id),

    async listRoles(domainId: string): Promise<readonly CustomRole[]> {
      const rows = await db.all('SELECT * FROM custom_role WHERE domain_id = ?', domainId)
      return sound(rows, toCustomRole).sort((a, b) => compareCodePoints(a.displayName, b.displayName))
    },

    async countAssignments(role: string): Promise<number> {
      const row = await db.get('SELECT COUNT(*) AS number FROM role_assignment WHERE role = ?', role)
      return Number(row?.number)
    },

    getAccessKey: (accessKey: string): Promise<AccessKey | undefined> =>
      one(toAccessKey, 'SELECT * FROM access_key WHERE access_key = ?', accessKey),

    async listAccessKeys(userId: string): Promise<readonly AccessKey[]> {
      const keys = (await db.all('SELECT * FROM access_key WHERE user_id = ?', userId)).map(toAccessKey)
      return keys.sort((a, b) => a.createdAtMs - b.createdAtMs || compareCodePoints(a.accessKey, b.accessKey))
    },

    async isTokenRevoked(tokenId: string): Promise<boolean> {
      return (await db.get('SELECT 1 AS found FROM revoked_token WHERE token_id = ?', tokenId)) !== undefined
    },
  }
}
