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
import { accountLogReads } from './account-log.ts'
import { toAccessKey, toAssignment, toCustomRole, toDomain, toProject, toSigningKey, toUser } from './account-rows.ts'
import type { Row, SqlConnection, SqlValue } from './sql.ts'

/** Reads of accounts over one connection of either engine; see `AccountStore`. */
export function accountReads(db: SqlConnection) {
  async function one<T>(toRecord: (row: Row) => T, sql: string, ...params: readonly SqlValue[]) {
    const row = await db.get(sql, ...params)
    return row === undefined ? undefined : toRecord(row)
  }

  return {
    ...accountLogReads(db),

    async getAccountsRevision(): Promise<number> {
      const row = await db.get('SELECT revision FROM account_state')
      return row === undefined ? 0 : Number(row.revision)
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
      return rows.map(toProject).sort((a, b) => compareCodePoints(a.name, b.name))
    },

    async listUsers(domainId: string): Promise<readonly User[]> {
      const rows = await db.all('SELECT * FROM app_user WHERE domain_id = ?', domainId)
      return rows.map(toUser).sort((a, b) => compareCodePoints(a.name, b.name))
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
      return rows.map(toCustomRole).sort((a, b) => compareCodePoints(a.displayName, b.displayName))
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
