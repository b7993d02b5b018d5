import type { Facts } from '../../core/errors.ts'
import type { ResourceState } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import type { ChangeRules } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import { tagsToText, textToTags } from '../sql/rows.ts'
import type { WriteMethod } from '../sql/writes.ts'
import type { Change, Verdict, WriteRequest } from '../store.ts'

// What crosses between the thread that asks and the thread that writes. Commits are nearly all of it, and an object graph
// costs more to copy than a row to write: so they go as flat lists, without what the other side has already.

/** A call as the writer takes it. */
export type WriteCall = { readonly id: number; readonly method: WriteMethod; readonly args: readonly unknown[] }

/** What became of a call. */
export type WriteReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly message: string } }

/** Requests or verdicts, one after the other, each as a number of fields. */
type Fields = readonly unknown[]

type CommitArgs = readonly [project: string, requests: readonly WriteRequest[]]

/** Replaces a text, or the rules, that are the same as those of the request before. */
const SAME = 0

/** Gives a call in the form in which it is sent. */
export function packCall({ id, method, args }: WriteCall): WriteCall {
  if (method !== 'commit') return { id, method, args }
  const [project, requests] = args as CommitArgs
  return { id, method, args: [project, packRequests(requests)] }
}

/** Gives back the call that was packed. */
export function unpackCall({ id, method, args }: WriteCall): WriteCall {
  if (method !== 'commit') return { id, method, args }
  const [project, fields] = args as readonly [string, Fields]
  return { id, method, args: [project, unpackRequests(fields)] }
}

/** Gives the reply to a call in the form in which it is sent. */
export function packReply({ method, args }: WriteCall, reply: WriteReply): WriteReply {
  if (method !== 'commit' || 'error' in reply) return reply
  const [, requests] = args as CommitArgs
  return { id: reply.id, value: packVerdicts(requests, reply.value as readonly Verdict[]) }
}

/** Gives back the value of a reply to a call, neither of them packed. */
export function unpackValue({ method, args }: WriteCall, value: unknown): unknown {
  if (method !== 'commit') return value
  const [, requests] = args as CommitArgs
  return unpackVerdicts(requests, value as Fields)
}

function packRequests(requests: readonly WriteRequest[]): Fields {
  const fields: unknown[] = []
  let before: WriteRequest | undefined
  for (const request of requests) {
    const { type, id, change, rules, actor, requestId, atMs } = request
    // An import says the same thousands of times.
    fields.push(type, id, actor === before?.actor ? SAME : actor, requestId === before?.requestId ? SAME : requestId)
    fields.push(atMs, rules === before?.rules ? SAME : rules)
    if (change.kind === 'register') {
      const { name, detail, tags } = change.state
      fields.push(change.onlyIfNew ? 'register-new' : 'register', name, detail, tagsToText(tags), change.createdAtMs)
    } else fields.push(change)
    before = request
  }
  return fields
}

function unpackRequests(fields: Fields): readonly WriteRequest[] {
  const requests: WriteRequest[] = []
  let actor = ''
  let requestId = ''
  let rules: ChangeRules = { tagsPerResourceMax: 0 }
  for (let i = 0; i < fields.length; ) {
    if (fields[i + 2] !== SAME) actor = fields[i + 2] as string
    if (fields[i + 5] !== SAME) rules = fields[i + 5] as ChangeRules
    if (fields[i + 3] !== SAME) requestId = fields[i + 3] as string
    const kind = fields[i + 6]
    const isRegister = typeof kind === 'string'
    requests.push({
      type: fields[i] as ResourceType,
      id: fields[i + 1] as string,
      change: isRegister ? unpackRegister(fields, i + 6) : (kind as TagChange),
      rules,
      actor,
      requestId,
      atMs: fields[i + 4] as number,
    })
    i += isRegister ? 11 : 7
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

function packVerdicts(requests: readonly WriteRequest[], verdicts: readonly Verdict[]): Fields {
  const fields: unknown[] = []
  for (const [i, verdict] of verdicts.entries()) {
    fields.push(verdict.outcome, verdict.revision)
    if (verdict.outcome === 'refused') fields.push(verdict.code, verdict.facts)
    else if (verdict.outcome === 'changed') {
      const { created, change } = verdict
      const { after } = change
      const asked = stateAskedFor((requests[i] as WriteRequest).change)
      fields.push(created, change.sequence, change.createdAtMs)
      if (after === asked) fields.push('as-asked')
      else if (after === undefined) fields.push('gone')
      else fields.push('other', after.name, after.detail, tagsToText(after.tags))
    }
  }
  return fields
}

function unpackVerdicts(requests: readonly WriteRequest[], fields: Fields): readonly Verdict[] {
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
    const { change, type, id, actor, requestId, atMs } = request
    const created = fields[i + 2] as boolean
    const [sequence, createdAtMs] = [fields[i + 3] as number, fields[i + 4] as number]
    const become = fields[i + 5]
    const after =
      become === 'other' ? unpackState(fields, i + 6) : become === 'gone' ? undefined : stateAskedFor(change)
    i += become === 'other' ? 9 : 6
    const logged: Change = {
      ...{ revision, kind: change.kind, type, id, sequence },
      ...{ createdAtMs, after, actor, requestId, atMs },
    }
    return { outcome, revision, created, change: logged }
  })
}

/** What a change says the whole resource shall be, if it does. */
function stateAskedFor(change: TagChange): ResourceState | undefined {
  return change.kind === 'register' ? change.state : undefined
}
