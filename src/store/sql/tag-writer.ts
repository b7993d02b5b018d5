import type { ResourceState } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import { decide } from '../../core/tag-change.ts'
import type { Change, Verdict, WriteRequest } from '../store.ts'
import { tagsToText, toState } from './rows.ts'
import { run, type SqlConnection, type SqlValue } from './sql.ts'

/** One resource while a transaction works on it: what the table holds, and what it shall hold. */
type Draft = {
  readonly type: ResourceType
  readonly id: string
  /** Sequence of the row that the table holds; undefined when it holds none. */
  readonly storedSequence: number | undefined
  readonly stored: ResourceState | undefined
  sequence: number | undefined
  createdAtMs: number
  state: ResourceState | undefined
  last: LoggedChange | undefined
}

/** A change with its tags as they stand in a column. */
type LoggedChange = { readonly change: Change; readonly tags: string | null }

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
    const log: LoggedChange[] = []
    const verdicts = requests.map((request, i): Verdict => {
      const draft = drafts[i] as Draft
      const decision = decide(draft.state, request.change, request.rules)
      if (decision.outcome === 'unchanged') return { outcome: 'unchanged', revision }
      if (decision.outcome === 'refused') return { ...decision, revision }
      revision++
      if (draft.sequence === undefined) {
        draft.sequence = ++lastSequence
        const asked = request.change.kind === 'register' ? request.change.createdAtMs : undefined
        draft.createdAtMs = asked ?? request.atMs
      }
      const created = draft.state === undefined
      const change = toChange(request, revision, draft.sequence, draft.createdAtMs, decision.next)
      const logged = { change, tags: decision.next === undefined ? null : tagsToText(decision.next.tags) }
      log.push(logged)
      draft.state = decision.next
      draft.last = logged
      if (decision.next === undefined) draft.sequence = undefined
      return { outcome: 'changed', revision, created, change }
    })
    if (log.length > 0) {
      await this.#writeDrafts(project, new Set(drafts))
      await this.#writeLog(project, log)
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

  /** Gives a draft for each request; requests for one resource share theirs. */
  async #loadDrafts(project: string, requests: readonly WriteRequest[]): Promise<readonly Draft[]> {
    const places = new Map<string, number>()
    const wanted: SqlValue[][] = []
    const placeOf = requests.map(({ type, id }) => {
      const key = `${type}/${id}`
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, wanted.length)
      return wanted.push([project, type, id]) - 1
    })
    const rows = await this.#db.getEach(
      `SELECT sequence, created_at_ms, name, detail, tags FROM resource
       WHERE project_id = ? AND resource_type = ? AND resource_id = ?`,
      wanted,
    )
    const drafts = rows.map((row, i): Draft => {
      const [, type, id] = wanted[i] as [string, ResourceType, string]
      const sequence = row === undefined ? undefined : Number(row.sequence)
      const state = row === undefined ? undefined : toState(row)
      const createdAtMs = Number(row?.created_at_ms ?? 0)
      return { type, id, storedSequence: sequence, stored: state, sequence, createdAtMs, state, last: undefined }
    })
    return placeOf.map((place) => drafts[place] as Draft)
  }

  async #writeDrafts(project: string, drafts: ReadonlySet<Draft>): Promise<void> {
    const removals: SqlValue[][] = []
    const updates: SqlValue[][] = []
    const updatesOfTags: SqlValue[][] = []
    const inserts: SqlValue[][] = []
    const unshared: SqlValue[][] = []
    for (const { type, id, storedSequence, stored, sequence, createdAtMs, state, last } of drafts) {
      if (last === undefined) continue
      if (storedSequence !== undefined && storedSequence !== sequence) {
        removals.push([project, type, storedSequence])
        if (type === 'images') unshared.push([project, id])
      }
      if (state === undefined || sequence === undefined) continue
      const { name, detail } = state
      const { tags, change } = last
      const { revision, atMs } = change
      if (storedSequence !== sequence) {
        inserts.push([name, detail, tags, revision, createdAtMs, atMs, project, type, sequence, id])
      } else if (stored?.name === name && stored.detail === detail) {
        updatesOfTags.push([tags, revision, atMs, project, type, sequence])
      } else updates.push([name, detail, tags, revision, atMs, project, type, sequence])
    }
    await this.#db.runEach('DELETE FROM resource WHERE project_id = ? AND resource_type = ? AND sequence = ?', removals)
    await this.#db.runEach('DELETE FROM image_member WHERE owner_project_id = ? AND image_id = ?', unshared)
    await this.#db.runEach(
      `UPDATE resource SET tags = ?, revision = ?, updated_at_ms = ?
       WHERE project_id = ? AND resource_type = ? AND sequence = ?`,
      updatesOfTags,
    )
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

  async #writeLog(project: string, log: readonly LoggedChange[]): Promise<void> {
    const rows = log.map(({ change, tags }): SqlValue[] => {
      const { revision, kind, type, id, sequence, createdAtMs, after, actor, requestId, atMs } = change
      const [name, detail] = [after?.name ?? null, after?.detail ?? null]
      return [project, revision, kind, type, id, sequence, name, detail, tags, actor, requestId, atMs, createdAtMs]
    })
    await this.#db.runEach(
      `INSERT INTO change_log (project_id, revision, kind, resource_type, resource_id, sequence,
         name, detail, tags, actor, request_id, at_ms, created_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      rows,
    )
  }
}

function toChange(
  request: WriteRequest,
  revision: number,
  sequence: number,
  createdAtMs: number,
  after: ResourceState | undefined,
): Change {
  const { type, id, actor, requestId, atMs } = request
  const { kind } = request.change
  return { revision, kind, type, id, sequence, createdAtMs, after, actor, requestId, atMs }
}
