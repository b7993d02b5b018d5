import type { ResourceState } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import { DamagedRow, rowDamaged } from '../damaged-row.ts'
import type { Verdict, WriteRequest } from '../store.ts'
import {
  DELETE_FORMER,
  DELETE_MEMBERS,
  DELETE_RESOURCE,
  INSERT_CHANGE,
  INSERT_RESOURCE,
  PUT_FORMER,
  SELECT_FORMER,
  SELECT_RESOURCE,
  UPDATE_RESOURCE,
  UPDATE_RESOURCE_TAGS,
} from './batch-statements.ts'
import { Decisions, type Draft, type LoggedChange } from './decisions.ts'
import { lockProjectCounters } from './row-locks.ts'
import { toState } from './rows.ts'
import type { Row, SqlConnection, SqlValue } from './sql.ts'

/** Writes resources and their change log. */
export class TagWriter {
  readonly #db: SqlConnection

  constructor(db: SqlConnection) {
    this.#db = db
  }

  /** See `TagStore.commit`. Locks the project's row first, so that revisions rise in commit order. */
  async commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const start = await lockProjectCounters(this.#db, project)
    const drafts = await this.#loadDrafts(project, requests)
    const decisions = new Decisions(start)
    const verdicts = decisions.decideAll(requests, drafts)
    const { log } = decisions
    if (log.length > 0) {
      await this.#writeDrafts(project, new Set(drafts))
      await this.#writeLog(project, log)
      const { revision, lastSequence, lastAtMs, usage } = decisions.counters
      const { resources, detailBytes } = usage
      const sql = `UPDATE project_state SET revision = ?, last_sequence = ?, last_at_ms = ?, resource_count = ?,
        detail_bytes = ? WHERE project_id = ?`
      await this.#db.run(sql, revision, lastSequence, lastAtMs, resources, detailBytes, project)
    }
    return verdicts
  }

  /** Returns a draft for each request; requests for one resource share a draft. */
  async #loadDrafts(project: string, requests: readonly WriteRequest[]): Promise<readonly Draft[]> {
    const keys: [project: string, type: ResourceType, id: string][] = []
    const indexByName = new Map<string, number>()
    const draftIndexes = requests.map(({ type, id }) => {
      const name = `${type}/${id}`
      let index = indexByName.get(name)
      if (index === undefined) {
        index = keys.push([project, type, id]) - 1
        indexByName.set(name, index)
      }
      return index
    })
    // Only a registration can begin a life, and so needs the end of the one before. Both reads share a round trip.
    const registered = new Set(draftIndexes.filter((_, i) => requests[i]?.change.kind === 'register'))
    const [rows, formerRows] = await Promise.all([
      this.#db.getBatch(SELECT_RESOURCE, keys),
      this.#db.getBatch(
        SELECT_FORMER,
        Array.from(registered, (index) => keys[index]!),
      ),
    ])
    const former = new Map(Array.from(registered, (index, i) => [index, formerRows[i]]))
    const drafts = keys.map(([, type, id], i) => toDraft(type, id, rows[i], former.get(i)))
    return draftIndexes.map((index) => drafts[index] as Draft)
  }

  async #writeDrafts(project: string, drafts: ReadonlySet<Draft>): Promise<void> {
    const deletes: SqlValue[][] = []
    const deletesOfMembers: SqlValue[][] = []
    const updates: SqlValue[][] = []
    const updatesOfTags: SqlValue[][] = []
    const inserts: SqlValue[][] = []
    const former: SqlValue[][] = []
    const returned: SqlValue[][] = []
    for (const draft of drafts) {
      const { type, id, storedSequence, stored, storedRevision, sequence, createdAtMs, state, last } = draft
      if (last === undefined) continue
      if (state === undefined) former.push([project, type, id, last.change.revision])
      else if (storedSequence === undefined && storedRevision !== undefined) returned.push([project, type, id])
      if (storedSequence !== undefined && storedSequence !== sequence) {
        deletes.push([project, type, storedSequence])
        deletesOfMembers.push([project, id, storedSequence])
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
    // Deletes come first: a resource that is deleted and registered again in one call has the same id.
    await this.#db.runBatch(DELETE_RESOURCE, deletes)
    await this.#db.runBatch(DELETE_MEMBERS, deletesOfMembers)
    await this.#db.runBatch(UPDATE_RESOURCE_TAGS, updatesOfTags)
    await this.#db.runBatch(UPDATE_RESOURCE, updates)
    await this.#db.runBatch(INSERT_RESOURCE, inserts)
    await this.#db.runBatch(PUT_FORMER, former)
    await this.#db.runBatch(DELETE_FORMER, returned)
  }

  async #writeLog(project: string, log: readonly LoggedChange[]): Promise<void> {
    const rows = log.map(({ change, tags }): SqlValue[] => {
      const { revision, kind, type, id, sequence, createdAtMs, after, actor, requestId, atMs } = change
      const [name, detail] = [after?.name ?? null, after?.detail ?? null]
      const [prior, cause] = [change.priorRevision ?? null, change.cause ?? null]
      const state = [name, detail, tags]
      return [project, revision, kind, type, id, sequence, ...state, actor, requestId, atMs, createdAtMs, prior, cause]
    })
    await this.#db.runBatch(INSERT_CHANGE, rows)
  }
}

/** Stands for the state of a damaged row. No change requests it, because a detail is never empty. */
const UNREADABLE: ResourceState = { name: '', detail: '', tags: [] }

function toDraft(type: ResourceType, id: string, row: Row | undefined, former: Row | undefined): Draft {
  const sequence = row === undefined ? undefined : Number(row.sequence)
  const createdAtMs = Number(row?.created_at_ms ?? 0)
  const revision = Number((row ?? former)?.revision)
  const storedRevision = Number.isSafeInteger(revision) ? revision : undefined
  const draft = { type, id, storedSequence: sequence, storedRevision, sequence, createdAtMs, last: undefined }
  if (row === undefined) return { ...draft, stored: undefined, state: undefined, damage: undefined }
  try {
    const state = toState(row)
    return { ...draft, stored: state, state, damage: undefined }
  } catch (error) {
    const damage = rowDamaged(new DamagedRow(`${type} ${id}`, undefined, error)).facts.detail
    const isTime = Number.isSafeInteger(createdAtMs)
    return { ...draft, createdAtMs: isTime ? createdAtMs : 0, stored: UNREADABLE, state: UNREADABLE, damage }
  }
}
