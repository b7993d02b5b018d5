import type { Facts } from '../../core/errors.ts'
import type { ResourceState } from '../../core/resource.ts'
import type { Loss } from '../../core/resource-loss.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { ChangeRules } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import { tagsToText, textToTags } from '../sql/rows.ts'
import type { RecordResult, RecordWrite } from '../sql/writes.ts'
import type { Change, CheckpointCounts, StoreFailure, Verdict, WriteRequest } from '../store.ts'
import type { BaselineCall } from './baseline.ts'

// Messages between the threads, and processes, that request writes and the thread that writes. Nearly all of them are
// commits. An object graph costs more to copy than a row to write, so commits are sent as flat lists, without what the
// receiver has already.

/** Requests or verdicts one after the other, each as a number of fields. */
type Fields = readonly unknown[]

/** A request to write. `id` pairs it with its reply. */
export type WriteCall =
  | { readonly id: number; readonly commit: { readonly project: string; readonly requests: Fields } }
  | { readonly id: number; readonly record: RecordWrite }
  | { readonly id: number; readonly baseline: BaselineCall }

/** The reply to a call, sent when the write is durable or has left no trace. */
export type WriteReply =
  | { readonly id: number; readonly verdicts: Fields }
  | { readonly id: number; readonly result: RecordResult | undefined }
  | { readonly id: number; readonly error: { readonly message: string; readonly failure: StoreFailure } }

/** What the writer thread sends: replies, a warning for the log, or the outcome of a checkpoint. */
export type WriterMessage =
  | readonly WriteReply[]
  | { readonly warning: string }
  | { readonly checkpoint: keyof CheckpointCounts }

/** Replaces a text, or the rules, that are the same as those of the request before. */
const SAME = 0

/** Fields of the shortest request. */
const FIELDS_PER_REQUEST = 8

/** Returns the most changes that some calls can have made. */
export function changesOf(calls: readonly WriteCall[]): number {
  return calls.reduce((sum, call) => sum + changesOfCall(call), 0)
}

function changesOfCall(call: WriteCall): number {
  if ('commit' in call) return Math.ceil(call.commit.requests.length / FIELDS_PER_REQUEST)
  if (!('record' in call)) return 1
  const { record } = call
  if (record.operation === 'addPlanItems') return record.args[2].length
  return record.operation === 'commitPlan' ? record.args[3] - record.args[2] : 1
}

/** Returns requests in the form in which they are sent. */
export function packRequests(requests: readonly WriteRequest[]): Fields {
  const fields: unknown[] = []
  let before: WriteRequest | undefined
  for (const request of requests) {
    const { type, id, change, rules, actor, requestId, atMs, cause } = request
    // Thousands of requests of an import have the same actor, request id and rules.
    fields.push(type, id, actor === before?.actor ? SAME : actor, requestId === before?.requestId ? SAME : requestId)
    fields.push(atMs, rules === before?.rules ? SAME : rules, cause === before?.cause ? SAME : cause)
    if (change.kind === 'register') {
      const { name, detail, tags } = change.state
      fields.push(change.onlyIfNew ? 'register-new' : 'register', name, detail, tagsToText(tags), change.createdAtMs)
    } else fields.push(change)
    before = request
  }
  return fields
}

/** Reverses `packRequests`. */
export function unpackRequests(fields: Fields): readonly WriteRequest[] {
  const requests: WriteRequest[] = []
  let actor = ''
  let requestId = ''
  let rules: ChangeRules = { tagsPerResourceMax: 0 }
  let cause: string | undefined
  for (let i = 0; i < fields.length; ) {
    if (fields[i + 2] !== SAME) actor = fields[i + 2] as string
    if (fields[i + 5] !== SAME) rules = fields[i + 5] as ChangeRules
    if (fields[i + 3] !== SAME) requestId = fields[i + 3] as string
    if (fields[i + 6] !== SAME) cause = fields[i + 6] as string | undefined
    const kind = fields[i + 7]
    const isRegister = typeof kind === 'string'
    requests.push({
      type: fields[i] as ResourceType,
      id: fields[i + 1] as string,
      change: isRegister ? unpackRegister(fields, i + 7) : (kind as TagChange),
      rules,
      actor,
      requestId,
      atMs: fields[i + 4] as number,
      ...(cause === undefined ? {} : { cause }),
    })
    i += isRegister ? 12 : 8
  }
  return requests
}

function unpackRegister(fields: Fields, at: number): TagChange {
  const createdAtMs = fields[at + 4] as number | undefined
  return {
    kind: 'register',
    state: unpackState(fields, at + 1),
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
    ...(fields[at] === 'register-new' ? { onlyIfNew: true } : {}),
  }
}

function unpackState(fields: Fields, at: number): ResourceState {
  const tags = textToTags(fields[at + 2] as string)
  return { name: fields[at] as string, detail: fields[at + 1] as string, tags }
}

/** Returns verdicts in the form in which they are sent to the sender of their requests. */
export function packVerdicts(requests: readonly WriteRequest[], verdicts: readonly Verdict[]): Fields {
  const fields: unknown[] = []
  for (const [i, verdict] of verdicts.entries()) {
    fields.push(verdict.outcome, verdict.revision)
    if (verdict.outcome === 'refused') fields.push(verdict.code, verdict.facts)
    else if (verdict.outcome === 'changed') {
      const { created, change, loss } = verdict
      const { after } = change
      const requested = requestedState((requests[i] as WriteRequest).change)
      fields.push(created, change.sequence, change.createdAtMs, change.atMs, change.priorRevision, loss)
      if (after === requested) fields.push('as-requested')
      else if (after === undefined) fields.push('deleted')
      else fields.push('other', after.name, after.detail, tagsToText(after.tags))
    }
  }
  return fields
}

/** Reverses `packVerdicts`. */
export function unpackVerdicts(requests: readonly WriteRequest[], fields: Fields): readonly Verdict[] {
  let i = 0
  return requests.map((request): Verdict => {
    const outcome = fields[i] as Verdict['outcome']
    const revision = fields[i + 1] as number
    if (outcome === 'unchanged') {
      i += 2
      return { outcome, revision }
    }
    if (outcome === 'refused') {
      const [code, facts] = [fields[i + 2] as string, fields[i + 3] as Facts]
      i += 4
      return { outcome, revision, code, facts }
    }
    const { change, type, id, actor, requestId, cause } = request
    const created = fields[i + 2] as boolean
    const [sequence, createdAtMs] = [fields[i + 3] as number, fields[i + 4] as number]
    const [atMs, priorRevision] = [fields[i + 5] as number, fields[i + 6] as number | undefined]
    const loss = fields[i + 7] as Loss | undefined
    const kindOfState = fields[i + 8]
    let after = requestedState(change)
    if (kindOfState === 'other') after = unpackState(fields, i + 9)
    else if (kindOfState === 'deleted') after = undefined
    i += kindOfState === 'other' ? 12 : 9
    const { kind } = change
    const ofResource = { type, id, sequence, createdAtMs, after, priorRevision }
    const logged: Change = { revision, kind, ...ofResource, actor, requestId, atMs, cause }
    return { outcome, revision, created, change: logged, loss }
  })
}

/** The whole state of the resource that a change requests, if it states it. */
function requestedState(change: TagChange): ResourceState | undefined {
  return change.kind === 'register' ? change.state : undefined
}
