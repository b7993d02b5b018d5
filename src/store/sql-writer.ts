import type { ResourceState } from '../core/resource.ts'
import { decide } from '../core/tag-change.ts'
import { run, type SqlConnection, type SqlValue } from './sql.ts'
import { tagsToText, toProject, toState } from './sql-rows.ts'
import type { Change, Founding, Project, Verdict, WriteRequest } from './store.ts'

/** One resource while a transaction works on it: what the table holds, and what it shall hold. */
type Draft = {
  readonly type: string
  readonly id: string
  /** Sequence of the row that the table holds; undefined when it holds none. */
  readonly storedSequence: number | undefined
  sequence: number | undefined
  state: ResourceState | undefined
  last: Change | undefined
}

/**
 * Every writing statement, over one connection of either engine. The caller opens a transaction before a call and
 * commits it afterwards; a call that throws must be rolled back.
 */
export class SqlWriter {
  readonly #db: SqlConnection

  constructor(db: SqlConnection) {
    this.#db = db
  }

  /** See `TagStore.commit`. Locks the project's row first, so that revisions are handed out in commit order. */
  async commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const start = await this.#lockProject(project)
    const drafts = await this.#loadDrafts(project, requests)
    let { revision, lastSequence } = start
    const changes: Change[] = []
    const verdicts = requests.map((request): Verdict => {
      const draft = drafts.get(draftKey(request))!
      const decision = decide(draft.state, request.change, request.tagsPerResourceMax)
      if (decision.outcome === 'unchanged') return { outcome: 'unchanged', revision }
      if (decision.outcome === 'refused') return { ...decision, revision }
      revision++
      draft.sequence ??= ++lastSequence
      const { type, id, actor, requestId, atMs } = request
      const { sequence, state } = draft
      const change: Change = {
        revision,
        kind: request.change.kind,
        type,
        id,
        sequence,
        after: decision.next,
        actor,
        requestId,
        atMs,
      }
      changes.push(change)
      draft.state = decision.next
      draft.last = change
      if (decision.next === undefined) draft.sequence = undefined
      return { outcome: 'changed', revision, created: state === undefined, change }
    })
    if (changes.length > 0) {
      await this.#writeDrafts(project, [...drafts.values()])
      await this.#writeLog(project, changes)
      const sql = 'UPDATE project_state SET revision = ?, last_sequence = ? WHERE project_id = ?'
      await run(this.#db, sql, revision, lastSequence, project)
    }
    return verdicts
  }

  async #lockProject(project: string): Promise<{ revision: number; lastSequence: number }> {
    // The update changes nothing, but it makes the statement lock and give back the row on both engines.
    const row = await this.#db.get(
      `INSERT INTO project_state (project_id, revision, last_sequence) VALUES (?, 0, 0)
       ON CONFLICT (project_id) DO UPDATE SET revision = project_state.revision
       RETURNING revision, last_sequence`,
      project,
    )
    return { revision: Number(row?.revision), lastSequence: Number(row?.last_sequence) }
  }

  async #loadDrafts(project: string, requests: readonly WriteRequest[]): Promise<Map<string, Draft>> {
    const wanted = new Map(requests.map((request) => [draftKey(request), request]))
    const rows = await this.#db.getEach(
      `SELECT sequence, name, detail, tags FROM resource
       WHERE project_id = ? AND resource_type = ? AND resource_id = ?`,
      Array.from(wanted.values(), ({ type, id }) => [project, type, id]),
    )
    const drafts = new Map<string, Draft>()
    for (const [i, [key, { type, id }]] of [...wanted].entries()) {
      const row = rows[i]
      const sequence = row === undefined ? undefined : Number(row.sequence)
      const state = row === undefined ? undefined : toState(row)
      drafts.set(key, { type, id, storedSequence: sequence, sequence, state, last: undefined })
    }
    return drafts
  }

  async #writeDrafts(project: string, drafts: readonly Draft[]): Promise<void> {
    const removals: SqlValue[][] = []
    const updates: SqlValue[][] = []
    const inserts: SqlValue[][] = []
    for (const { type, id, storedSequence, sequence, state, last } of drafts) {
      if (last === undefined) continue
      if (storedSequence !== undefined && storedSequence !== sequence) removals.push([project, type, storedSequence])
      if (state === undefined || sequence === undefined) continue
      const { name, detail, tags } = state
      const columns = [name, detail, tagsToText(tags), last.revision]
      if (storedSequence === sequence) updates.push([...columns, last.atMs, project, type, sequence])
      else inserts.push([...columns, last.atMs, last.atMs, project, type, sequence, id])
    }
    await this.#db.runEach('DELETE FROM resource WHERE project_id = ? AND resource_type = ? AND sequence = ?', removals)
    await this.#db.runEach(
      `UPDATE resource SET name = ?, detail = ?, tags = ?, revision = ?, updated_at_ms = ?
       WHERE project_id = ? AND resource_type = ? AND sequence = ?`,
      updates,
    )
    await this.#db.runEach(
      `INSERT INTO resource (name, detail, tags, revision, created_at_ms, updated_at_ms,
         project_id, resource_type, sequence, resource_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      inserts,
    )
  }

  async #writeLog(project: string, changes: readonly Change[]): Promise<void> {
    await this.#db.runEach(
      `INSERT INTO change_log (project_id, revision, kind, resource_type, resource_id, sequence,
         name, detail, tags, actor, request_id, at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      changes.map(({ revision, kind, type, id, sequence, after, actor, requestId, atMs }) => [
        ...[project, revision, kind, type, id, sequence],
        ...(after === undefined ? [null, null, null] : [after.name, after.detail, tagsToText(after.tags)]),
        ...[actor, requestId, atMs],
      ]),
    )
  }

  /** See `AccountStore.found`. */
  async found({ domain, project, user, assignment, signingKey }: Founding): Promise<boolean> {
    const db = this.#db
    const founded = await db.get(
      'INSERT INTO account_state (only_row, revision, signing_key) VALUES (1, 1, ?) ON CONFLICT DO NOTHING RETURNING revision',
      signingKey,
    )
    if (founded === undefined) return false
    await run(db, 'INSERT INTO domain (domain_id, name) VALUES (?, ?)', domain.id, domain.name)
    await this.#insertProject(project)
    const { id, domainId, name, passwordHash, enabled } = user
    await run(
      db,
      'INSERT INTO app_user (user_id, domain_id, name, password_hash, enabled) VALUES (?, ?, ?, ?, ?)',
      ...[id, domainId, name, passwordHash, enabled ? 1 : 0],
    )
    const { userId, scope, scopeId, role } = assignment
    await run(
      db,
      'INSERT INTO role_assignment (user_id, scope, scope_id, role) VALUES (?, ?, ?, ?)',
      ...[userId, scope, scopeId, role],
    )
    return true
  }

  /** See `AccountStore.ensureProject`. */
  async ensureProject(project: Project): Promise<Project> {
    if (await this.#insertProject(project)) await this.#raiseAccountsRevision()
    const sql = 'SELECT * FROM project WHERE domain_id = ? AND name = ?'
    const row = await this.#db.get(sql, project.domainId, project.name)
    return row === undefined ? project : toProject(row)
  }

  /** See `AccountStore.revokeToken`. */
  async revokeToken(tokenId: string, expiresAtMs: number): Promise<void> {
    const sql =
      'INSERT INTO revoked_token (token_id, expires_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING token_id'
    if ((await this.#db.get(sql, tokenId, expiresAtMs)) !== undefined) await this.#raiseAccountsRevision()
  }

  /** See `AccountStore.forgetExpiredRevocations`. */
  async forgetExpiredRevocations(beforeMs: number): Promise<void> {
    await run(this.#db, 'DELETE FROM revoked_token WHERE expires_at_ms < ?', beforeMs)
  }

  async #insertProject({ id, domainId, name, description, enabled }: Project): Promise<boolean> {
    const row = await this.#db.get(
      `INSERT INTO project (project_id, domain_id, name, description, enabled) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (domain_id, name) DO NOTHING RETURNING project_id`,
      ...[id, domainId, name, description, enabled ? 1 : 0],
    )
    return row !== undefined
  }

  async #raiseAccountsRevision(): Promise<void> {
    await run(this.#db, 'UPDATE account_state SET revision = revision + 1')
  }
}

function draftKey({ type, id }: WriteRequest): string {
  return `${type}/${id}`
}
