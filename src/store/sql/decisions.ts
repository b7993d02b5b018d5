import type { CompiledPolicy } from '../../core/policy/compiled-policy.ts'
import { type ProjectUsage, usageAfter } from '../../core/project-quota.ts'
import type { ResourceState } from '../../core/resource.ts'
import { lossOf } from '../../core/resource-loss.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import { decide, type TagChange } from '../../core/tag-change.ts'
import { type Change, NOT_APPLIED, type Verdict, type WriteRequest } from '../store.ts'
import { tagsToText } from './rows.ts'

/** One resource during a transaction: its stored row and its new state. */
export type Draft = {
  readonly type: ResourceType
  readonly id: string
  /** Sequence of the stored row; undefined when there is none. */
  readonly storedSequence: number | undefined
  /** Revision of the last stored change of this type and id, also when it is a deletion. */
  readonly storedRevision: number | undefined
  sequence: number | undefined
  /** Undefined if it is not known, because the stored row is damaged. */
  createdAtMs: number | undefined
  state: ResourceState | undefined
  /** Why the stored row cannot be read, until a change has replaced or removed it. */
  damage: string | undefined
  last: LoggedChange | undefined
}

/** A change, with its tags as the text of the column. */
export type LoggedChange = { readonly change: Change; readonly tags: string | null }

/** The counters of a project. */
export type Counters = {
  readonly revision: number
  readonly lastSequence: number
  /** Time of the last change. */
  readonly lastAtMs: number
  readonly usage: ProjectUsage
}

/** Decides the requests of one commit on drafts of their resources, in order. */
export class Decisions {
  readonly log: LoggedChange[] = []
  readonly #policy: CompiledPolicy | undefined
  #revision: number
  #lastSequence: number
  #lastAtMs: number
  #usage: ProjectUsage

  /** `policy`: the tag policy that applies to the project. */
  constructor({ revision, lastSequence, lastAtMs, usage }: Counters, policy?: CompiledPolicy) {
    this.#policy = policy
    this.#revision = revision
    this.#lastSequence = lastSequence
    this.#lastAtMs = lastAtMs
    this.#usage = usage
  }

  /** The counters after the requests that were decided. */
  get counters(): Counters {
    const [revision, lastSequence, lastAtMs] = [this.#revision, this.#lastSequence, this.#lastAtMs]
    return { revision, lastSequence, lastAtMs, usage: this.#usage }
  }

  /** Decides requests, those of each unit all or none. `drafts` has the draft of each. */
  decideAll(requests: readonly WriteRequest[], drafts: readonly Draft[]): readonly Verdict[] {
    const verdicts: Verdict[] = []
    for (let start = 0; start < requests.length; ) {
      const end = endOfUnit(requests, start)
      const [some, ofSome] = [requests.slice(start, end), drafts.slice(start, end)]
      verdicts.push(...(end - start === 1 ? [this.#decide(some[0]!, ofSome[0]!)] : this.#decideUnit(some, ofSome)))
      start = end
    }
    return verdicts
  }

  #decideUnit(requests: readonly WriteRequest[], drafts: readonly Draft[]): readonly Verdict[] {
    const before = this.counters
    const logged = this.log.length
    const copies = new Map(drafts.map((draft) => [draft, { ...draft }]))
    const verdicts: Verdict[] = []
    for (const [i, request] of requests.entries()) {
      const verdict = this.#decide(request, drafts[i]!)
      verdicts.push(verdict)
      if (verdict.outcome !== 'refused') continue
      for (const [draft, copy] of copies) Object.assign(draft, copy)
      this.log.length = logged
      this.#revision = before.revision
      this.#lastSequence = before.lastSequence
      this.#lastAtMs = before.lastAtMs
      this.#usage = before.usage
      const { revision } = before
      const others: Verdict = { outcome: 'refused', code: NOT_APPLIED, facts: {}, revision }
      return requests.map((_, at) => (at === i ? { ...verdict, revision } : others))
    }
    return verdicts
  }

  #decide(request: WriteRequest, draft: Draft): Verdict {
    const revision = this.#revision
    if (draft.damage !== undefined && !overwrites(request.change)) {
      return { outcome: 'refused', code: 'internal', facts: { detail: draft.damage }, revision }
    }
    const policy = this.#policy?.forType(request.type)
    const rules = policy === undefined ? request.rules : { ...request.rules, policy }
    const decision = decide(draft.state, request.change, rules, this.#usage)
    if (decision.outcome === 'unchanged') return { outcome: 'unchanged', revision }
    if (decision.outcome === 'refused') return { ...decision, revision }
    return this.#apply(request, draft, decision.next)
  }

  #apply(request: WriteRequest, draft: Draft, next: ResourceState | undefined): Verdict {
    const revision = ++this.#revision
    this.#lastAtMs = Math.max(request.atMs, this.#lastAtMs)
    this.#usage = usageAfter(this.#usage, draft.state, next)
    if (draft.sequence === undefined) {
      draft.sequence = ++this.#lastSequence
      draft.createdAtMs = undefined
    }
    const givenMs = request.change.kind === 'register' ? request.change.createdAtMs : undefined
    draft.createdAtMs ??= givenMs ?? this.#lastAtMs
    const created = draft.state === undefined
    const loss = draft.state && next && lossOf(draft.state, next)
    const { type, id, actor, requestId, cause } = request
    const { sequence, createdAtMs } = draft
    const priorRevision = draft.last?.change.revision ?? draft.storedRevision
    const ofResource = { type, id, sequence, createdAtMs, after: next, priorRevision }
    const ofRequest = { kind: request.change.kind, actor, requestId, cause, atMs: this.#lastAtMs }
    const change: Change = { revision, ...ofResource, ...ofRequest }
    const logged = { change, tags: next === undefined ? null : tagsToText(next.tags) }
    this.log.push(logged)
    draft.state = next
    draft.damage = undefined
    draft.last = logged
    if (next === undefined) draft.sequence = undefined
    return { outcome: 'changed', revision, created, change, loss }
  }
}

function unitOf({ change }: WriteRequest): string | undefined {
  return 'unit' in change ? change.unit : undefined
}

/** The end of the unit that begins with a request. A request without a unit is alone. */
function endOfUnit(requests: readonly WriteRequest[], start: number): number {
  const unit = unitOf(requests[start]!)
  let end = start + 1
  while (unit !== undefined && end < requests.length && unitOf(requests[end]!) === unit) end++
  return end
}

/** True for a change whose result does not depend on the state of the resource. */
function overwrites(change: TagChange): boolean {
  return change.kind === 'register' || (change.kind === 'delete' && change.expect === undefined)
}
