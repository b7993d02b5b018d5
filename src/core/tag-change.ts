import type { ErrorCode, Facts } from './errors.ts'
import { matches } from './matches.ts'
import type { TypePolicy } from './policy/compiled-policy.ts'
import { violationFacts, violationsOf } from './policy/judge-change.ts'
import { type ProjectUsage, quotaRefusal, usageAfter } from './project-quota.ts'
import type { ResourceState } from './resource.ts'
import { applyEdit, type Edit, type Expectation, unmetExpectation } from './resource-edit.ts'
import type { ChangeRules, Tag } from './tag.ts'
import { applyPatch, conflictOf, type TagPatch } from './tag-patch.ts'
import type { TagQuery } from './tag-query.ts'

/** A requested change of one resource. The API family has validated all texts before it builds a change. */
export type TagChange =
  /** Creates the resource, or replaces its name, detail and all tags; a key that it has keeps its position. */
  | {
      readonly kind: 'register'
      readonly state: ResourceState
      /** Time of creation, by default that of the request. Ignored if the resource exists. Milliseconds since 1970 UTC. */
      readonly createdAtMs?: number
      /** True: the change is refused if the resource exists. */
      readonly onlyIfNew?: boolean
    }
  /** Adds tags to an existing resource; a key that it has keeps its position and gets the new value. */
  | ({ readonly kind: 'set-tags'; readonly tags: readonly Tag[] } & OfSelection)
  /**
   * Removes tags from an existing resource by key, or by exact pair where a value is given. Absent tags are ignored;
   * with `mustExist`, an absent tag makes the change refused.
   */
  | ({
      readonly kind: 'remove-tags'
      readonly tags: readonly { readonly key: string; readonly value?: string }[]
      readonly mustExist?: boolean
    } & OfSelection)
  /** Changes tags of an existing resource if they are as expected. */
  | ({ readonly kind: 'patch-tags' } & TagPatch)
  /** Changes the name, members of the detail, or all tags of an existing resource. */
  | ({ readonly kind: 'edit' } & Edit)
  /** Deletes an existing resource. */
  | { readonly kind: 'delete'; readonly expect?: readonly Expectation[] }

/** What the change of one of many selected resources has in addition. */
type OfSelection = {
  /** The change is without effect on a resource that does not match, or does not exist: it left the selection. */
  readonly onlyIf?: TagQuery
  /** Consecutive changes of one commit with the same unit are applied all or none. */
  readonly unit?: string
}

/** The rules that a change is decided by. `policy` is what tag policies say about the type of the resource. */
export type DecisionRules = ChangeRules & { readonly policy?: TypePolicy | undefined }

/** The outcome of a change. `next` is the new state; undefined when the resource is deleted. */
export type Decision =
  | { readonly outcome: 'changed'; readonly next: ResourceState | undefined }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refused'; readonly code: string; readonly facts: Facts }

/**
 * Decides one change on the current state of one resource. Pure, total, all or nothing; `undefined` is a resource that
 * does not exist, before or after the change.
 *
 * It checks, in this order, and refuses with these codes:
 * - `register` with `onlyIfNew`: the resource does not exist (`resource-exists`);
 * - every other kind: the resource exists (`resource-not-found`);
 * - `delete` and `edit`: each expectation holds (the expectation's `orElse`);
 * - `remove-tags` with `mustExist`: each tag to remove exists (`tag-not-found`);
 * - `patch-tags`: each key is as expected (`tag-conflict`);
 * - the number of tags is at most `rules.tagsPerResourceMax` (`tag-quota-exceeded`). A change that leaves a resource
 *   over the limit passes if it does not add to the count, except for `register`, which replaces all tags;
 * - the tags that the change sets comply with `rules.policy`, and a new resource has the keys that it requires
 *   (`tag-policy-violated`);
 * - the resources of the project and the bytes of their details stay within `rules.quota` (`project-quota-exceeded`), or
 *   do not grow. `usage` is what they are before the change.
 *
 * A change whose `onlyIf` does not hold is `unchanged` before any of these checks. A change without effect is `unchanged`,
 * even over the limit. Lengths and characters of tags are not checked here:
 * they depend on the request alone, and `toTag` has validated them by the profile before the change is built.
 */
export function decide(
  current: ResourceState | undefined,
  change: TagChange,
  rules: DecisionRules,
  usage: ProjectUsage = NO_USAGE,
): Decision {
  const decision = decideAlone(current, change, rules)
  if (decision.outcome !== 'changed') return decision
  if (rules.policy !== undefined && decision.next !== undefined) {
    const [violation] = violationsOf(rules.policy, current?.tags, decision.next.tags)
    if (violation !== undefined) {
      return { outcome: 'refused', code: TAG_POLICY_VIOLATED, facts: violationFacts(violation) }
    }
  }
  if (rules.quota === undefined) return decision
  const refusal = quotaRefusal(usage, usageAfter(usage, current, decision.next), rules.quota)
  return refusal === undefined ? decision : { outcome: 'refused', ...refusal }
}

/** The code of a change that a tag policy forbids. */
export const TAG_POLICY_VIOLATED = 'tag-policy-violated'

const NO_USAGE: ProjectUsage = { resources: 0, detailBytes: 0 }

function decideAlone(current: ResourceState | undefined, change: TagChange, rules: ChangeRules): Decision {
  const { tagsPerResourceMax } = rules
  if (change.kind === 'register') return decideRegister(current, change, tagsPerResourceMax)
  if ('onlyIf' in change && change.onlyIf !== undefined && !isSelected(current, change.onlyIf)) {
    return { outcome: 'unchanged' }
  }
  if (current === undefined) return refused('resource-not-found')
  switch (change.kind) {
    case 'delete':
      return unmetExpectation(current, change.expect) ?? { outcome: 'changed', next: undefined }
    case 'set-tags':
      return decideTags(current, setTags(current.tags, change.tags), tagsPerResourceMax)
    case 'remove-tags':
      return (
        (change.mustExist && absentTag(current.tags, change.tags)) ||
        decideTags(current, removeTags(current.tags, change.tags), tagsPerResourceMax)
      )
    case 'patch-tags':
      return conflictWith(current, change) ?? decideTags(current, applyPatch(current.tags, change), tagsPerResourceMax)
    case 'edit':
      return unmetExpectation(current, change.expect) ?? decideEdit(current, change, tagsPerResourceMax)
  }
}

/** The id cannot change, so it is not compared again. */
function isSelected(current: ResourceState | undefined, { id: _id, ...query }: TagQuery): boolean {
  return current !== undefined && matches({ id: '', ...current }, query)
}

function refused(code: ErrorCode): Decision {
  return { outcome: 'refused', code, facts: {} }
}

function decideRegister(
  current: ResourceState | undefined,
  { state, onlyIfNew }: Extract<TagChange, { kind: 'register' }>,
  limit: number,
): Decision {
  if (onlyIfNew && current !== undefined) return refused('resource-exists')
  const next = current === undefined ? state : inOrderOf(current.tags, state)
  if (current !== undefined && sameState(current, next)) return { outcome: 'unchanged' }
  return next.tags.length > limit ? quotaExceeded(next.tags.length, limit) : { outcome: 'changed', next }
}

/** The state with its tags in the order in which their keys were first added: files such as CSV have no order of tags. */
function inOrderOf(before: readonly Tag[], state: ResourceState): ResourceState {
  const positions = new Map(before.map(({ key }, i) => [key, i]))
  const position = ({ key }: Tag) => positions.get(key) ?? before.length
  if (state.tags.every((tag, i) => i === 0 || position(state.tags[i - 1] as Tag) <= position(tag))) return state
  return { ...state, tags: state.tags.toSorted((a, b) => position(a) - position(b)) }
}

function decideTags(current: ResourceState, tags: readonly Tag[], limit: number): Decision {
  if (sameTags(current.tags, tags)) return { outcome: 'unchanged' }
  // A resource over the limit, from before the limit was lowered, may lose tags and change values, but gain none.
  if (tags.length > limit && tags.length > current.tags.length) return quotaExceeded(tags.length, limit)
  return { outcome: 'changed', next: { ...current, tags } }
}

function decideEdit(current: ResourceState, edit: Edit, limit: number): Decision {
  const edited = { ...applyEdit(current, edit), tags: edit.tags ?? current.tags }
  const next = edit.keepsPositions ? inOrderOf(current.tags, edited) : edited
  if (sameState(current, next)) return { outcome: 'unchanged' }
  const isTooMuch = next.tags.length > limit && next.tags.length > current.tags.length
  return isTooMuch ? quotaExceeded(next.tags.length, limit) : { outcome: 'changed', next }
}

function quotaExceeded(actual: number, limit: number): Decision {
  const facts = { field: 'tags', rule: { name: 'items-max', limit }, value: actual } as const
  return { outcome: 'refused', code: 'tag-quota-exceeded', facts }
}

/** The code of a patch whose keys are not as it expects them. */
const TAG_CONFLICT = 'tag-conflict'

/** The refusal that names the first key that is not as expected, with its value; undefined when all are. */
function conflictWith(current: ResourceState, patch: TagPatch): Decision | undefined {
  const conflict = conflictOf(current.tags, patch)
  if (conflict === undefined) return undefined
  return { outcome: 'refused', code: TAG_CONFLICT, facts: { field: conflict.key, value: conflict.actual ?? null } }
}

function setTags(tags: readonly Tag[], changes: readonly Tag[]): readonly Tag[] {
  const values = new Map(tags.map((tag) => [tag.key, tag.value]))
  for (const { key, value } of changes) values.set(key, value)
  return Array.from(values, ([key, value]) => ({ key, value }))
}

type Removal = { readonly key: string; readonly value?: string }

function isRemovedBy(tag: Tag, { key, value }: Removal): boolean {
  return key === tag.key && (value === undefined || value === tag.value)
}

/** The refusal that names the first tag to remove that does not exist; undefined when all exist. */
function absentTag(tags: readonly Tag[], removals: readonly Removal[]): Decision | undefined {
  const absent = removals.find((removal) => !tags.some((tag) => isRemovedBy(tag, removal)))
  if (absent === undefined) return undefined
  return {
    outcome: 'refused',
    code: 'tag-not-found',
    facts: { field: 'key', rule: { name: 'exists' }, value: absent.key },
  }
}

function removeTags(tags: readonly Tag[], removals: readonly Removal[]): readonly Tag[] {
  return tags.filter((tag) => !removals.some((removal) => isRemovedBy(tag, removal)))
}

/** Says whether two states are equal, the order of the tags included. */
export function sameState(a: ResourceState, b: ResourceState): boolean {
  return a.name === b.name && a.detail === b.detail && sameTags(a.tags, b.tags)
}

function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  return a.length === b.length && a.every((tag, i) => tag.key === b[i]?.key && tag.value === b[i].value)
}
