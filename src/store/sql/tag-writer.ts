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
} from './batch-statements.ts'
import { type Counters, Decisions, type Draft, type LoggedChange } from './decisions.ts'
import { logKey } from './log-key.ts'
import { compiledPolicy } from './policy-cache.ts'
import { lockProjectCounters } from './row-locks.ts'
import { throwIfNotLogged, toState } from './rows.ts'
import type { Row, SqlConnection, SqlValue } from './sql.ts'

/** Writes resources and their change log. */
export class TagWriter {
  readonly #db: SqlConnection

  constructor(db: SqlConnection) {
    this.#db = db
  }

  /** See `TagStore.commit`. Locks the project's row first, so that revisions rise in commit order. */
  async commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const { projectNo, policyHash, ...start } = await lockProjectCounters(this.#db, project)
    const policy = await compiledPolicy(this.#db, policyHash)
    const drafts = await this.#loadDrafts(projectNo, requests)
    const decisions = new Decisions(start, policy)
    const verdicts = decisions.decideAll(requests, drafts)
    const { log } = decisions
    if (log.length > 0) {
      await this.#writeDrafts(project, projectNo, new Set(drafts))
      await this.#writeLog(projectNo, log)
      await this.#writeCounters(project, start, decisions.counters)
    }
    return verdicts
  }

  /** The revision and the time of the last change are in the log, so most changes do not write the row. */
  async #writeCounters(project: string, before: Counters, after: Counters): Promise<void> {
    const { revision, lastSequence, lastAtMs, usage } = after
    const { resources, detailBytes } = usage
    const isSame = resources === before.usage.resources && detailBytes === before.usage.detailBytes
    if (isSame && lastSequence === before.lastSequence) return
    const sql = `UPDATE project_state SET revision = ?, last_sequence = ?, last_at_ms = ?, resource_count = ?,
        detail_bytes = ? WHERE project_id = ?`
    await this.#db.run(sql, revision, lastSequence, lastAtMs, resources, detailBytes, project)
  }

  /** Returns a draft for each request; requests for one resource share a draft. */
  async #loadDrafts(projectNo: number, requests: readonly WriteRequest[]): Promise<readonly Draft[]> {
    const keys: [projectNo: number, type: ResourceType, id: string][] = []
    const indexByName = new Map<string, number>()
    const draftIndexes = requests.map(({ type, id }) => {
      const name = `${type}/${id}`
      let index = indexByName.get(name)
      if (index === undefined) {
        index = keys.push([projectNo, type, id]) - 1
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

  async #writeDrafts(project: string, projectNo: number, drafts: ReadonlySet<Draft>): Promise<void> {
    const deletes: SqlValue[][] = []
    const deletesOfMembers: SqlValue[][] = []
    const updates: SqlValue[][] = []
    const inserts: SqlValue[][] = []
    const former: SqlValue[][] = []
    const returned: SqlValue[][] = []
    for (const draft of drafts) {
      const { type, id, storedSequence, storedRevision, sequence, state, last } = draft
      if (last === undefined) continue
      if (state === undefined) former.push([projectNo, type, id, last.change.revision])
      else if (storedSequence === undefined && storedRevision !== undefined) returned.push([projectNo, type, id])
      if (storedSequence !== undefined && storedSequence !== sequence) {
        deletes.push([projectNo, type, storedSequence])
        deletesOfMembers.push([project, id, storedSequence])
      }
      if (state === undefined || sequence === undefined) continue
      const { revision } = last.change
      if (storedSequence === sequence) updates.push([revision, projectNo, type, sequence])
      else inserts.push([revision, projectNo, type, sequence, id])
    }
    // Deletes come first: a resource that is deleted and registered again in one call has the same id.
    await this.#db.runBatch(DELETE_RESOURCE, deletes)
    await this.#db.runBatch(DELETE_MEMBERS, deletesOfMembers)
    await this.#db.runBatch(UPDATE_RESOURCE, updates)
    await this.#db.runBatch(INSERT_RESOURCE, inserts)
    await this.#db.runBatch(PUT_FORMER, former)
    await this.#db.runBatch(DELETE_FORMER, returned)
  }

  async #writeLog(projectNo: number, log: readonly LoggedChange[]): Promise<void> {
    const rows = log.map(({ change, tags }): SqlValue[] => {
      const { revision, kind, type, id, sequence, createdAtMs, after, actor, requestId, atMs } = change
      const [name, detail] = [after?.name ?? null, after?.detail ?? null]
      const [prior, cause] = [change.priorRevision ?? null, change.cause ?? null]
      const state = [name, detail, tags]
      const key = logKey(projectNo, revision)
      return [key, kind, type, id, sequence, ...state, actor, requestId, atMs, createdAtMs, prior, cause]
    })
    await this.#db.runBatch(INSERT_CHANGE, rows)
  }
}

/** Stands for the state of a damaged row. No change requests it, because a detail is never empty. */
const UNREADABLE: ResourceState = { name: '', detail: '', tags: [] }

function toDraft(type: ResourceType, id: string, row: Row | undefined, former: Row | undefined): Draft {
  const sequence = row === undefined ? undefined : Number(row.sequence)
  const createdMs = Number(row?.created_at_ms ?? Number.NaN)
  const createdAtMs = Number.isSafeInteger(createdMs) ? createdMs : undefined
  const revision = Number((row ?? former)?.revision)
  const storedRevision = Number.isSafeInteger(revision) ? revision : undefined
  const draft = { type, id, storedSequence: sequence, storedRevision, sequence, createdAtMs, last: undefined }
  if (row === undefined) return { ...draft, state: undefined, damage: undefined }
  try {
    throwIfNotLogged(row)
    const state = toState(row)
    return { ...draft, state, damage: undefined }
  } catch (error) {
    const damage = rowDamaged(new DamagedRow(`${type} ${id}`, undefined, error)).facts.detail
    return { ...draft, state: UNREADABLE, damage }
  }
}
