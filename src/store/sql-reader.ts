import type { Resource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-type.ts'
import { compareCodePoints } from '../core/text.ts'
import type { Row, SqlConnection, SqlValue } from './sql.ts'
import { toAssignment, toChange, toDomain, toProject, toResource, toUser } from './sql-rows.ts'
import type { Change, Domain, Project, RoleAssignment, User } from './store.ts'

const SCAN_BATCH = 1000

/** Every reading statement, over one connection of either engine. It cannot write. */
export class SqlReader {
  readonly #db: SqlConnection

  constructor(db: SqlConnection) {
    this.#db = db
  }

  async getRevision(project: string): Promise<number> {
    const row = await this.#db.get('SELECT revision FROM project_state WHERE project_id = ?', project)
    return row === undefined ? 0 : Number(row.revision)
  }

  async changesSince(project: string, revision: number, limit: number): Promise<readonly Change[]> {
    const sql = 'SELECT * FROM change_log WHERE project_id = ? AND revision > ? ORDER BY revision LIMIT ?'
    return (await this.#db.all(sql, project, revision, limit)).map(toChange)
  }

  /** Batches of resources; the connection must stay in one read transaction while they are taken. */
  async *resources(project: string, types: readonly ResourceType[]): AsyncGenerator<readonly Resource[]> {
    const sql = `SELECT resource_type, sequence, resource_id, name, detail, tags FROM resource
      WHERE project_id = ? AND resource_type = ? AND sequence > ? ORDER BY sequence LIMIT ?`
    for (const type of types) {
      let last = 0
      for (;;) {
        const rows = await this.#db.all(sql, project, type, last, SCAN_BATCH)
        if (rows.length > 0) yield rows.map(toResource)
        if (rows.length < SCAN_BATCH) break
        last = Number(rows[rows.length - 1]?.sequence)
      }
    }
  }

  async getAccountsRevision(): Promise<number> {
    const row = await this.#db.get('SELECT revision FROM account_state')
    return row === undefined ? 0 : Number(row.revision)
  }

  async getSigningKey(): Promise<string | undefined> {
    const row = await this.#db.get('SELECT signing_key FROM account_state')
    return row === undefined ? undefined : String(row.signing_key)
  }

  getDomain(id: string): Promise<Domain | undefined> {
    return this.#one(toDomain, 'SELECT * FROM domain WHERE domain_id = ?', id)
  }

  getDomainByName(name: string): Promise<Domain | undefined> {
    return this.#one(toDomain, 'SELECT * FROM domain WHERE name = ?', name)
  }

  getProject(id: string): Promise<Project | undefined> {
    return this.#one(toProject, 'SELECT * FROM project WHERE project_id = ?', id)
  }

  getProjectByName(domainId: string, name: string): Promise<Project | undefined> {
    return this.#one(toProject, 'SELECT * FROM project WHERE domain_id = ? AND name = ?', domainId, name)
  }

  getUser(id: string): Promise<User | undefined> {
    return this.#one(toUser, 'SELECT * FROM app_user WHERE user_id = ?', id)
  }

  getUserByName(domainId: string, name: string): Promise<User | undefined> {
    return this.#one(toUser, 'SELECT * FROM app_user WHERE domain_id = ? AND name = ?', domainId, name)
  }

  async listProjects(domainId: string): Promise<readonly Project[]> {
    const rows = await this.#db.all('SELECT * FROM project WHERE domain_id = ?', domainId)
    // NOTE: sorted here, because engines order text by collations that differ from host to host.
    return rows.map(toProject).sort((a, b) => compareCodePoints(a.name, b.name))
  }

  async listAssignments(userId: string): Promise<readonly RoleAssignment[]> {
    const sql = 'SELECT * FROM role_assignment WHERE user_id = ? ORDER BY scope, scope_id, role'
    return (await this.#db.all(sql, userId)).map(toAssignment)
  }

  async isTokenRevoked(tokenId: string): Promise<boolean> {
    return (await this.#db.get('SELECT 1 AS found FROM revoked_token WHERE token_id = ?', tokenId)) !== undefined
  }

  async #one<T>(toRecord: (row: Row) => T, sql: string, ...params: readonly SqlValue[]): Promise<T | undefined> {
    const row = await this.#db.get(sql, ...params)
    return row === undefined ? undefined : toRecord(row)
  }
}
