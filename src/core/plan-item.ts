import type { DomainError } from './errors.ts'
import { applyActions, type PlanAction } from './plan-actions.ts'
import type { ResourceState } from './resource.ts'
import { type TagRules, toTag } from './tag.ts'
import { type DecisionRules, decide, TAG_POLICY_VIOLATED } from './tag-change.ts'
import { inverseOn, patchBetween, type TagPatch } from './tag-patch.ts'

/**
 * What a plan has found out about one resource: a change, nothing to do, a refusal by a rule, or a conflict with what the
 * plan expects. `code` says why.
 */
export type Judgement =
  | { readonly outcome: 'change'; readonly patch: TagPatch }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refused' | 'conflict'; readonly patch: TagPatch; readonly code: string }

/** The rules that a plan is judged by. */
export type ItemRules = TagRules & DecisionRules

/** Codes of rules that refuse a change, whatever the resource has become meanwhile. */
const RULE_CODES: readonly string[] = ['tag-quota-exceeded', TAG_POLICY_VIOLATED]

/** The code of a resource that has both keys of a renaming. */
export const BOTH_KEYS = 'both-keys'
/** The code of a resource whose tags have all got other values since they were changed. */
export const CHANGED_SINCE = 'changed-since'

const NOTHING: TagPatch = { keys: [] }

/** Judges actions on one resource. */
export function judgeActions(state: ResourceState, actions: readonly PlanAction[], rules: ItemRules): Judgement {
  const after = applyActions(state.tags, actions)
  if (after === undefined) return { outcome: 'refused', patch: NOTHING, code: BOTH_KEYS }
  return judgePatch(state, patchBetween(state.tags, after), rules)
}

/** Judges a patch on one resource, which is undefined if it does not exist. */
export function judgePatch(state: ResourceState | undefined, patch: TagPatch, rules: ItemRules): Judgement {
  const decision = decide(state, { kind: 'patch-tags', ...patch }, rules)
  if (decision.outcome === 'unchanged') return decision
  if (decision.outcome === 'refused') {
    const { code } = decision
    return { outcome: RULE_CODES.includes(code) ? 'refused' : 'conflict', patch, code }
  }
  const code = brokenRule(patch, rules)
  return code === undefined ? { outcome: 'change', patch } : { outcome: 'refused', patch, code }
}

/** A judgement about taking a patch back, and how many of its keys are left alone. */
export type InverseJudgement = { readonly judgement: Judgement; readonly left: number }

/**
 * Judges taking back a patch that was applied to a resource. `order` are the keys that the resource had before, in their
 * order, if that is known. Rules of texts do not apply: the values were there before.
 */
export function judgeInverse(
  state: ResourceState | undefined,
  patch: TagPatch,
  order: readonly string[] | undefined,
  rules: ItemRules,
): InverseJudgement {
  if (state === undefined) {
    return { judgement: { outcome: 'conflict', patch: NOTHING, code: 'resource-not-found' }, left: patch.keys.length }
  }
  const { keys, left } = inverseOn(state.tags, patch)
  if (keys.length === 0) {
    const judgement: Judgement =
      left.length === 0 ? { outcome: 'unchanged' } : { outcome: 'conflict', patch: NOTHING, code: CHANGED_SINCE }
    return { judgement, left: left.length }
  }
  const inverse = { keys, order }
  const decision = decide(state, { kind: 'patch-tags', ...inverse }, rules)
  const judgement: Judgement =
    decision.outcome === 'refused'
      ? { outcome: 'refused', patch: inverse, code: decision.code }
      : { outcome: 'change', patch: inverse }
  return { judgement, left: left.length }
}

/** The code of the first tag of a patch that breaks a rule of texts. */
function brokenRule({ keys }: TagPatch, rules: TagRules): string | undefined {
  try {
    for (const { key, value } of keys) if (value !== undefined) toTag(key, value, rules, 'patch')
    return undefined
  } catch (error) {
    return (error as DomainError).code
  }
}
