import type { ResourceType } from '../core/resource-types.ts'
import type { ChangeRules } from '../core/tag.ts'
import type { TagPatch } from '../core/tag-patch.ts'

// A test in `test/conformance` checks each sentence of the interface below on every engine.

/** A plan is applied in parts, and `partly-applied` between two of them. */
export type PlanState = 'planned' | 'partly-applied' | 'applied'

/** A plan. `head` and `summary` are JSON that the store does not read. */
export type PlanRecord = {
  readonly id: string
  readonly state: PlanState
  readonly head: string
  readonly summary: string
  /** The plan that this one takes back. */
  readonly undoOf: string | undefined
  /** The revision of the project that the plan was made at. */
  readonly revision: number
  /** Number of items; their places are 0 and up. */
  readonly items: number
  /** Place of the first item that was not applied. */
  readonly nextPlace: number
  /** Number of items that changed their resource. */
  readonly applied: number
  /** Number of items that did not, because of a conflict. */
  readonly conflicts: number
  /** The revision before the first change and that of the last; undefined while there is none. */
  readonly appliedFrom: number | undefined
  readonly appliedTo: number | undefined
  readonly actor: string
  readonly createdAtMs: number
  readonly appliedBy: string | undefined
  readonly appliedAtMs: number | undefined
  readonly expiresAtMs: number
}

/** A plan whose items are being written. */
export type PlanDraft = Pick<PlanRecord, 'id' | 'head' | 'undoOf' | 'actor' | 'createdAtMs' | 'expiresAtMs'>

/** An item before it is applied: a change, or what is not changed because of a rule or a conflict. */
export type PlannedState = 'change' | 'refused' | 'conflict'
/** An item afterwards. A change becomes `applied`, a `conflict`, or `unchanged` if it had no effect. */
export type PlanItemState = PlannedState | 'applied' | 'unchanged'

export type NewPlanItem = {
  readonly type: ResourceType
  readonly id: string
  readonly patch: TagPatch
  readonly state: PlannedState
  /** Why it is refused or in conflict; empty for a change. */
  readonly code: string
}

export type PlanItem = Omit<NewPlanItem, 'state'> & {
  readonly place: number
  readonly state: PlanItemState
  /** The revision of the change that it made; 0 for none. */
  readonly revision: number
}

/** Identifies the request that made a plan, so that it can be repeated. */
export type PlanRequestKey = {
  readonly key: string
  readonly hash: string
  /** Plans from before this time do not count. */
  readonly sinceMs: number
}

export type PlanFinish = {
  readonly summary: string
  readonly revision: number
  readonly expiresAtMs: number
  readonly request: PlanRequestKey | undefined
}

/** `repeated`: the plan of an earlier request with the same key and hash; `key-reused`: that one had another hash. */
export type FinishVerdict =
  | { readonly verdict: 'done' | 'repeated'; readonly plan: PlanRecord }
  | { readonly verdict: 'key-reused' | 'absent' }

/** How a part of a plan is applied. */
export type PlanCommit = {
  /** With a conflict: apply nothing of the part, or the rest of it. */
  readonly onConflict: 'fail' | 'skip'
  /** The limits that `decide` applies, by type. Every type of the plan is in it. */
  readonly rules: Readonly<Record<string, ChangeRules>>
  readonly actor: string
  readonly requestId: string
  readonly atMs: number
  readonly expiresAtMs: number
}

/** A resource that a plan cannot be applied to. `key` and `actual` are of the key that is not as expected. */
export type PlanConflict = {
  readonly type: ResourceType
  readonly id: string
  readonly code: string
  readonly key: string | undefined
  /** Undefined if the resource lacks the key. */
  readonly actual: string | undefined
}

export type CommitVerdict =
  | { readonly verdict: 'done'; readonly plan: PlanRecord }
  | {
      readonly verdict: 'conflicts'
      readonly plan: PlanRecord
      readonly count: number
      readonly conflicts: readonly PlanConflict[]
    }
  | { readonly verdict: 'absent' }

/** Conflicts that a commit names. */
export const CONFLICTS_NAMED_MAX = 100

/**
 * Plans of changes of tags. A project is only an id here. A plan is a draft until it is finished; a draft, a plan that was
 * removed, and one that has expired are as if they did not exist.
 */
export interface PlanStore {
  /**
   * Begins a plan, whose id is new and in order of creation.
   * `full` when the project has `openMax` plans that are drafts, or are not applied as a whole.
   * Concurrent calls together do not exceed the limit.
   */
  createPlan(project: string, draft: PlanDraft, openMax: number): Promise<'done' | 'full'>

  /** Appends items to a draft, in order; `absent` when there is no such draft. */
  addPlanItems(project: string, planId: string, items: readonly NewPlanItem[]): Promise<'done' | 'absent'>

  /**
   * Makes a draft a plan, and returns it; `absent` when there is no such draft.
   * If an earlier plan has the same key, the draft is removed, and that plan decides: `repeated` or `key-reused`.
   */
  finishPlan(project: string, planId: string, finish: PlanFinish): Promise<FinishVerdict>

  /** Returns a plan; undefined if there is none at this time. */
  getPlan(project: string, planId: string, atMs: number): Promise<PlanRecord | undefined>

  /** Returns the plan that a request with a key has made since a time, with the hash of that request. */
  findPlanByKey(
    project: string,
    key: string,
    sinceMs: number,
  ): Promise<{ readonly plan: PlanRecord; readonly hash: string } | undefined>

  /** Returns the plans of a project at this time, the last created first, with ids below `before`. */
  listPlans(project: string, before: string | undefined, limit: number, atMs: number): Promise<readonly PlanRecord[]>

  /** Returns the items of a plan with places from `from` up to, not including, `to`, in order. */
  getPlanItems(project: string, planId: string, from: number, to: number): Promise<readonly PlanItem[]>

  /**
   * Applies the changes of the places from `from` up to, not including, `to`, in one transaction, in order of the places.
   * Each is decided as by `commit`, by a `patch-tags`, and logged with the cause `plan:<id>`, or `undo:<id>` for a plan that takes back another.
   * A change that is refused is a conflict: with `fail` nothing of the part is applied and the conflicts are counted, the
   * first ones named; with `skip` the others are applied, and the item has the code of its refusal.
   * The revision, the log, the items and the plan change together, and no reader sees a part of it.
   * When the part was applied before, or is not the next one, nothing changes and the plan is returned as it is.
   * Two concurrent calls apply a part once.
   */
  commitPlan(project: string, planId: string, from: number, to: number, commit: PlanCommit): Promise<CommitVerdict>

  /** Removes a plan, or a draft; `absent` when there is none. What it has applied stays. */
  deletePlan(project: string, planId: string): Promise<'done' | 'absent'>

  /**
   * Deletes rows of one plan that was removed, that expired, or whose project was deleted, at most `rowsMax`. Returns their
   * number; 0 when there is no such plan.
   */
  forgetPlans(atMs: number, rowsMax: number): Promise<number>
}
