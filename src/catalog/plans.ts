import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import { toPlanId } from '../core/plan-id.ts'
import { changedTypes, toPlanSummary } from '../core/plan-summary.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagRules } from '../core/tag.ts'
import { conflictOf } from '../core/tag-patch.ts'
import type { PlanConflict, PlanItem, PlanRecord, PlanStore } from '../store/plan-store.ts'
import { CONFLICTS_NAMED_MAX } from '../store/plan-store.ts'
import type { HistoryReads } from '../store/store.ts'
import type { Author } from './changes.ts'
import { PlanMaker } from './plan-maker.ts'
import { ITEMS_PER_READ, inverseLines, judgeSource, type PlanSource } from './plan-sources.ts'
import type { PolicyReads } from './policy-rules.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

export type PlansOptions = {
  readonly store: PlanStore & PolicyReads & Pick<HistoryReads, 'getChanges'>
  readonly clock: Clock
  /** Gives the index of a project, fresh. */
  readonly fresh: (project: string) => Promise<ProjectIndex>
  readonly rulesOf: (type: ResourceType) => TagRules
  /** Gives random hexadecimal digits, at least 20. */
  readonly random: () => string
  /** Changes of a plan that are applied as one. */
  readonly atomicMax: number
}

/** What is known about a plan before it is made. `head` is JSON. */
export type PlanHead = { readonly head: string; readonly author: Author; readonly undoOf?: string | undefined }

/** The request that makes a plan; a later one with the same key gets the same plan. */
export type PlanRequest = { readonly key: string; readonly hash: () => string }

/** How a plan is applied. */
export type PlanApply = {
  readonly onConflict: 'fail' | 'skip'
  readonly author: Author
  /** Throws if the caller may no longer do this. */
  readonly reauthorize: () => Promise<void>
  readonly isAborted: () => boolean
  /** A monotonic clock. */
  readonly nowMs?: () => number
}

/** A plan after a call that applies it: as a whole, in part if that takes longer, or not because of conflicts. */
export type PlanApplied =
  | { readonly outcome: 'applied' | 'partly-applied'; readonly plan: PlanRecord }
  | {
      readonly outcome: 'conflicts'
      readonly plan: PlanRecord
      readonly count: number
      readonly conflicts: readonly PlanConflict[]
    }

/** Plans of a project that are not applied as a whole. */
export const OPEN_PLANS_MAX = 20
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A draft that is not finished by then was left behind. */
const DRAFT_MS = 2 * HOUR_MS
/** How long a plan can be applied, and how long one that was applied can be taken back. */
const PLANNED_MS = 7 * DAY_MS
const APPLIED_MS = 30 * DAY_MS
/** How long a request can be repeated. */
const REPEAT_MS = DAY_MS
/** Changes of one part of a plan that is too large to be applied as one. */
const PART_ITEMS = 5000
/** No part begins after this time: an answer that came too late would not say what is applied. */
const PARTS_MS_MAX = 20_000

/** Errors about plans, which only Tagwerk's own API answers with. */
export type PlanErrorCode = 'plan-not-found' | 'plan-limit-reached' | 'idempotency-key-reused'

/** Plans of changes of tags: made, listed, applied and taken back. */
export class Plans {
  readonly #options: PlansOptions

  constructor(options: PlansOptions) {
    this.#options = options
  }

  /**
   * Makes a plan from a source. Throws `plan-limit-reached` for too many open plans, `idempotency-key-reused` if an earlier
   * request had the same key and another hash, and the errors of the source. What was made of a plan then goes away.
   */
  async make(
    project: string,
    { head, author, undoOf }: PlanHead,
    source: PlanSource,
    request: PlanRequest | undefined,
  ): Promise<PlanRecord> {
    const { store, clock, random } = this.#options
    const createdAtMs = clock()
    const id = toPlanId(createdAtMs, random())
    const draft = { id, head, undoOf, actor: author.userId, createdAtMs, expiresAtMs: createdAtMs + DRAFT_MS }
    if ((await store.createPlan(project, draft, OPEN_PLANS_MAX)) === 'full') {
      const detail = `${OPEN_PLANS_MAX} plans of the project are not applied, which is the limit: apply or delete one.`
      throw new DomainError<PlanErrorCode>('plan-limit-reached', { detail })
    }
    const maker = new PlanMaker(store, project, id)
    try {
      const revision = await judgeSource(this.#options, project, source, maker)
      const key = request && { key: request.key, hash: request.hash(), sinceMs: createdAtMs - REPEAT_MS }
      const finished = await maker.finish(revision, clock() + PLANNED_MS, key)
      if ('plan' in finished) return finished.plan
      if (finished.verdict === 'key-reused') throw keyReused()
      throw new DomainError('timed-out')
    } catch (error) {
      await store.deletePlan(project, id)
      throw error
    }
  }

  /**
   * Gives the plan that an earlier request with the key has made, if any. Throws `idempotency-key-reused` if that request
   * had another hash.
   */
  async repeated(project: string, { key, hash }: PlanRequest): Promise<PlanRecord | undefined> {
    const earlier = await this.findByKey(project, key)
    if (earlier === undefined) return undefined
    if (earlier.hash !== hash()) throw keyReused()
    return earlier.plan
  }

  /** Gives the plan that a request with the key has made, with the hash of that request. */
  findByKey(project: string, key: string): ReturnType<PlanStore['findPlanByKey']> {
    return this.#options.store.findPlanByKey(project, key, this.#options.clock() - REPEAT_MS)
  }

  /** Gives a plan. Throws `plan-not-found`. */
  async get(project: string, planId: string): Promise<PlanRecord> {
    const plan = await this.#options.store.getPlan(project, planId, this.#options.clock())
    if (plan === undefined) throw planNotFound(planId)
    return plan
  }

  /** Gives the plans of a project with ids below `before`, the last created first. */
  list(project: string, before: string | undefined, limit: number): Promise<readonly PlanRecord[]> {
    return this.#options.store.listPlans(project, before, limit, this.#options.clock())
  }

  /** Gives the items of a plan with places from `from` up to, not including, `to`. */
  items(project: string, planId: string, from: number, to: number): Promise<readonly PlanItem[]> {
    return this.#options.store.getPlanItems(project, planId, from, to)
  }

  /** Removes a plan. Throws `plan-not-found`. */
  async remove(project: string, planId: string): Promise<void> {
    await this.get(project, planId)
    if ((await this.#options.store.deletePlan(project, planId)) === 'absent') throw planNotFound(planId)
  }

  /**
   * Makes the plan that takes back what a plan has changed. Throws `plan-not-found`; a plan that has changed nothing has
   * nothing to take back, so the new one is empty.
   */
  async undo(project: string, planId: string, head: Omit<PlanHead, 'undoOf'>, request?: PlanRequest) {
    const plan = await this.get(project, planId)
    const lines = inverseLines(this.#options.store, project, plan)
    return this.make(project, { ...head, undoOf: planId }, { kind: 'lines', lines }, request)
  }

  /**
   * Applies a plan: as one if it is small enough, otherwise in parts that are each applied as one, for twenty seconds. A
   * call that is made again goes on where the last one ended, and does nothing when the plan is applied. Throws
   * `plan-not-found`.
   */
  async apply(project: string, planId: string, apply: PlanApply): Promise<PlanApplied> {
    const { nowMs = () => performance.now() } = apply
    const startMs = nowMs()
    let plan = await this.get(project, planId)
    const isAtomic = toPlanSummary(plan.summary).changes <= this.#options.atomicMax
    if (!isAtomic && plan.state !== 'applied' && apply.onConflict === 'fail') {
      const found = await this.#findConflicts(project, plan)
      if (found.count > 0) return { outcome: 'conflicts', plan, ...found }
    }
    while (plan.state !== 'applied') {
      const { nextPlace, items } = plan
      if (nextPlace > 0 && (apply.isAborted() || nowMs() - startMs > PARTS_MS_MAX)) break
      if (nextPlace > 0) await apply.reauthorize()
      const end = isAtomic ? items : Math.min(nextPlace + PART_ITEMS, items)
      const done = await this.#commit(project, plan, end, apply)
      if (done.verdict === 'absent') throw planNotFound(planId)
      if (done.verdict === 'conflicts') return { ...done, outcome: 'conflicts' }
      plan = done.plan
    }
    return { outcome: plan.state === 'applied' ? 'applied' : 'partly-applied', plan }
  }

  #commit(project: string, plan: PlanRecord, end: number, { onConflict, author }: PlanApply) {
    const { store, clock, rulesOf } = this.#options
    const rules = Object.fromEntries(
      changedTypes(toPlanSummary(plan.summary)).map((type) => {
        const { tagsPerResourceMax } = rulesOf(type)
        return [type, { tagsPerResourceMax }]
      }),
    )
    const atMs = clock()
    const commit = { onConflict, rules, actor: author.userId, requestId: author.requestId, atMs }
    return store.commitPlan(project, plan.id, plan.nextPlace, end, { ...commit, expiresAtMs: atMs + APPLIED_MS })
  }

  /** Counts the conflicts of what is not applied yet, so that none of several parts is applied in vain. */
  async #findConflicts(project: string, { id, nextPlace, items }: PlanRecord) {
    const slice = new TimeSlice(project)
    const conflicts: PlanConflict[] = []
    let count = 0
    for (let from = nextPlace; from < items; from += ITEMS_PER_READ) {
      const read = await this.items(project, id, from, from + ITEMS_PER_READ)
      const index = await this.#options.fresh(project)
      for (const item of read) {
        if (item.state !== 'change') continue
        const conflict = conflictIn(index, item)
        if (conflict === undefined) continue
        count++
        if (conflicts.length < CONFLICTS_NAMED_MAX) conflicts.push(conflict)
      }
      if (slice.isOver) await slice.yield()
    }
    return { count, conflicts }
  }
}

function conflictIn(index: ProjectIndex, { type, id, patch }: PlanItem): PlanConflict | undefined {
  const resource = index.of(type).get(id)
  if (resource === undefined) return { type, id, code: 'resource-not-found', key: undefined, actual: undefined }
  const conflict = conflictOf(resource.tags, patch)
  return conflict && { type, id, code: 'tag-conflict', ...conflict }
}

function planNotFound(id: string): DomainError<PlanErrorCode> {
  return new DomainError<PlanErrorCode>('plan-not-found', { field: 'plan_id', rule: { name: 'exists' }, value: id })
}

function keyReused(): DomainError<PlanErrorCode> {
  const detail = 'An earlier request with this key had another body.'
  return new DomainError<PlanErrorCode>('idempotency-key-reused', { detail })
}
