import type { ResourceState } from '../core/resource.ts'
import { decide } from '../core/tag-change.ts'
import { run, type SqlConnection, type SqlValue } from './sql.ts'
import { tagsToText, toState } from './sql-rows.ts'
import type { Change, Verdict, WriteRequest } from './store.ts'

/** One resource while a transaction works on it: what the table holds, and what it shall hold. */
type Draft = {
  readonly type: string
  readonly id: string
  /** Sequence of the row that the table holds; undefined when it holds none. */
  readonly storedSequence: number | undefined
  sequence: number | undefined
  createdAtMs: number
  state: ResourceState | undefined
  last: Change | undefined
}

/** The statements that write resources and their change log. */
export class TagWriter {
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
      const { type, id, actor, requestId, atMs } = request
      if (draft.sequence === undefined) {
        draft.sequence = ++lastSequence
        draft.createdAtMs = (request.change.kind === 'register' ? request.change.createdAtMs : undefined) ?? atMs
      }
      const { sequence, createdAtMs, state } = draft
      const change: Change = {
        revision,
        kind: request.change.kind,
        type,
        id,
        sequence,
        createdAtMs,
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
      `SELECT sequence, created_at_ms, name, detail, tags FROM resource
       WHERE project_id = ? AND resource_type = ? AND resource_id = ?`,
      Array.from(wanted.values(), ({ type, id }) => [project, type, id]),
    )
    const drafts = new Map<string, Draft>()
    for (const [i, [key, { type, id }]] of [...wanted].entries()) {
      const row = rows[i]
      const sequence = row === undefined ? undefined : Number(row.sequence)
      const state = row === undefined ? undefined : toState(row)
      const createdAtMs = Number(row?.created_at_ms ?? 0)
      drafts.set(key, { type, id, storedSequence: sequence, sequence, createdAtMs, state, last: undefined })
    }
    return drafts
  }

  async #writeDrafts(project: string, drafts: readonly Draft[]): Promise<void> {
    const removals: SqlValue[][] = []
    const updates: SqlValue[][] = []
    const inserts: SqlValue[][] = []
    const unshared: SqlValue[][] = []
    for (const { type, id, storedSequence, sequence, createdAtMs, state, last } of drafts) {
      if (last === undefined) continue
      if (storedSequence !== undefined && storedSequence !== sequence) {
        removals.push([project, type, storedSequence])
        if (type === 'images') unshared.push([project, id])
      }
      if (state === undefined || sequence === undefined) continue
      const { name, detail, tags } = state
      const columns = [name, detail, tagsToText(tags), last.revision]
      if (storedSequence === sequence) updates.push([...columns, last.atMs, project, type, sequence])
      else inserts.push([...columns, createdAtMs, last.atMs, project, type, sequence, id])
    }
    await this.#db.runEach('DELETE FROM resource WHERE project_id = ? AND resource_type = ? AND sequence = ?', removals)
    await this.#db.runEach('DELETE FROM image_member WHERE owner_project_id = ? AND image_id = ?', unshared)
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
         name, detail, tags, actor, request_id, at_ms, created_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      changes.map(({ revision, kind, type, id, sequence, createdAtMs, after, actor, requestId, atMs }) => [
        ...[project, revision, kind, type, id, sequence],
        ...(after === undefined ? [null, null, null] : [after.name, after.detail, tagsToText(after.tags)]),
        ...[actor, requestId, atMs, createdAtMs],
      ]),
    )
  }
}

function draftKey({ type, id }: WriteRequest): string {
  return `${type}/${id}`
}
