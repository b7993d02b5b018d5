import { DomainError, type Facts, resourceNotFound } from '../core/errors.ts'
import { type ProjectQuota, type ProjectUsage, usageAfter } from '../core/project-quota.ts'
import type { ResourceState } from '../core/resource.ts'
import { type Loss, lossOf } from '../core/resource-loss.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { ChangeRules } from '../core/tag.ts'
import { type DecisionRules, decide, type TagChange } from '../core/tag-change.ts'
import type { Verdict, WriteRequest } from '../store/store.ts'
import type { ProjectIndex } from './project-index.ts'

/** The author of a change, for the change log. */
export type Author = { readonly userId: string; readonly requestId: string }

/** A change of one resource. */
export type ResourceChange = { readonly type: ResourceType; readonly id: string; readonly change: TagChange }

/** The effect of a change, and the project's revision after it. */
export type Changed = {
  readonly revision: number
  readonly effect: 'created' | 'updated' | 'unchanged'
  /** What the change took away; undefined for nothing. */
  readonly loss?: Loss | undefined
}

/** The effect that a change would have, with the states of the resource. */
export type Previewed = Changed & {
  readonly before: ResourceState | undefined
  readonly after: ResourceState | undefined
}

/** Tells the effect of one change without applying it. Throws the refusals of `decide`. */
export type Preview = (type: ResourceType, id: string, change: TagChange) => Previewed

export function toRequest(
  { type, id, change }: ResourceChange,
  author: Author,
  atMs: number,
  rules: ChangeRules,
): WriteRequest {
  return { type, id, change, rules, actor: author.userId, requestId: author.requestId, atMs }
}

/** Gives the rules for changes of a type under a quota: the same object for the same ones, see `packRequests`. */
export type RulesReader = (type: ResourceType, quota: ProjectQuota | undefined) => ChangeRules

/** Stands for a project without quota. */
const NO_QUOTA = {}

/** Adds quotas to the rules of types, of which it takes what `decide` needs. */
export function rulesReader(changeRulesOf: (type: ResourceType) => ChangeRules): RulesReader {
  const ofQuota = new WeakMap<object, Map<number, ChangeRules>>()
  return (type, quota) => {
    const { tagsPerResourceMax } = changeRulesOf(type)
    const byMaximum = ofQuota.get(quota ?? NO_QUOTA) ?? new Map<number, ChangeRules>()
    ofQuota.set(quota ?? NO_QUOTA, byMaximum)
    const rules = byMaximum.get(tagsPerResourceMax) ?? { tagsPerResourceMax, ...(quota && { quota }) }
    byMaximum.set(tagsPerResourceMax, rules)
    return rules
  }
}

/** Gives the effect of a write to the resource `id`, or its refusal as an error. */
export function toChanged(verdict: Verdict, id: string): Changed | DomainError<string> {
  const { revision } = verdict
  if (verdict.outcome === 'refused') return refusal(verdict, id, revision)
  if (verdict.outcome === 'unchanged') return { revision, effect: 'unchanged' }
  return { revision, effect: verdict.created ? 'created' : 'updated', loss: verdict.loss }
}

/**
 * Previews successive changes on an index: each sees the ones before it, unless `isStateless`, which needs no memory. The
 * state of a resource is read from the index at its first change, and the usage of the project is that at the first
 * change of all.
 */
export function previewOn(
  index: ProjectIndex,
  usage: ProjectUsage,
  rulesOf: (type: ResourceType) => DecisionRules,
  isStateless = false,
): Preview {
  let used = usage
  const drafts = new Map<string, ResourceState | undefined>()
  return (type, id, change) => {
    const key = `${type}/${id}`
    const current = drafts.has(key) ? drafts.get(key) : index.of(type).get(id)
    const decision = decide(current, change, rulesOf(type), used)
    const { revision } = index
    if (decision.outcome === 'refused') throw refusal(decision, id, revision)
    if (decision.outcome === 'unchanged') return { revision, effect: 'unchanged', before: current, after: current }
    if (!isStateless) drafts.set(key, decision.next)
    used = usageAfter(used, current, decision.next)
    const effect = current === undefined ? 'created' : 'updated'
    const loss = current && decision.next && lossOf(current, decision.next)
    return { revision, effect, loss, before: current, after: decision.next }
  }
}

function refusal(
  { code, facts }: { readonly code: string; readonly facts: Facts },
  id: string,
  revision: number,
): DomainError<string> {
  return code === 'resource-not-found'
    ? resourceNotFound(id, revision)
    : new DomainError<string>(code, { ...facts, revision })
}
