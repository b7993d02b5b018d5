import { Blame, type TagOrigin } from '../core/blame.ts'
import { type ChangeEffect, concernsKey, effectOf } from '../core/change-effect.ts'
import { resourceNotFound, revisionGone, revisionUnknown } from '../core/errors.ts'
import type { CompiledPolicy } from '../core/policy/compiled-policy.ts'
import type { ResourceState } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { Change, HistoryReads, HistoryState } from '../store/store.ts'
import { type ChangeReads, type DifferenceFilter, HistoryDifference, type RevisionRange } from './history-difference.ts'
import { type RehearsalBounds, type Rehearsed, rehearse } from './policy-rehearsal.ts'
import { TimeSlice } from './time-slice.ts'

/** A point in the history of a project. */
export type Moment = { readonly revision: number } | { readonly atMs: number }

/** A change and what it did. */
export type HistoricalChange = Change & {
  readonly effect: ChangeEffect
  /** Of a resource that was made again: the revision of the deletion that ended its former life. */
  readonly formerLife: number | undefined
}

/** A page of changes, newest first. */
export type HistoryPage = {
  /** The revision of the project that the page reflects. */
  readonly revision: number
  /** There is no change at or below it any more. */
  readonly horizon: number
  readonly changes: readonly HistoricalChange[]
  /** The next page has the changes below this revision; undefined on the last page. */
  readonly next: number | undefined
}

/** Which changes of a project are read. Bounds that are given as times are inclusive. */
export type ActivityFilter = {
  /** Only changes above this revision. */
  readonly after?: number | undefined
  /** Only changes below this revision. */
  readonly before?: number | undefined
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly actor?: string | undefined
  readonly types?: readonly ResourceType[] | undefined
  /** Only changes of the tag with this key. */
  readonly key?: string | undefined
  readonly cause?: string | undefined
  readonly requestId?: string | undefined
}

/** Limit on the changes that one call reads to blame the tags of a resource. */
const BLAME_STEPS_MAX = 1000
/** Few resources have more changes than the first step reads. */
const BLAME_PAGES = { first: 16, next: 256 } as const
/** Changes that are read together. */
const BATCH = 250
/** Limit on the changes that one call with filters reads. */
const FILTERED_MAX = 20_000

/**
 * The history of projects, out of the change log: every read is of the store, so it reflects all writes that were
 * acknowledged before it began. Retention may forget changes while a read goes on: the horizon is moved before, so a read
 * asks for it after it has read changes, and leaves out what is no longer above.
 */
export class History {
  readonly #store: HistoryReads & ChangeReads

  constructor(store: HistoryReads & ChangeReads) {
    this.#store = store
  }

  /** Gives how far the history of a project goes. */
  state(project: string): Promise<HistoryState> {
    return this.#store.getHistoryState(project)
  }

  /**
   * Gives the revision of a moment. Throws `revision-unknown` for one above the present, and `revision-gone` for a moment
   * before the horizon. A time in the future is the present.
   */
  async resolve(project: string, moment: Moment, field: string): Promise<number> {
    if ('revision' in moment) {
      const { revision, horizon } = await this.state(project)
      if (moment.revision > revision) throw revisionUnknown(field, moment.revision, revision)
      if (moment.revision < horizon) throw revisionGone(field, moment.revision, horizon, revision)
      return moment.revision
    }
    const found = await this.#store.revisionAt(project, moment.atMs)
    const { revision, horizon } = await this.state(project)
    if (found < horizon) throw revisionGone(field, new Date(moment.atMs).toISOString(), horizon, revision)
    return found
  }

  /**
   * Gives the change that set the present value of each tag of a resource, which exists at a revision. The change is
   * undefined where it is too long ago; see `TagOrigin.atOrBefore`.
   */
  async blame(
    project: string,
    type: ResourceType,
    id: string,
    revision: number,
  ): Promise<readonly TagOrigin<Change>[]> {
    let blame: Blame<Change> | undefined
    let oldest: Change | undefined
    for (let steps = 0; steps < BLAME_STEPS_MAX; ) {
      const size = Math.min(steps === 0 ? BLAME_PAGES.first : BLAME_PAGES.next, BLAME_STEPS_MAX - steps)
      const changes = await this.#store.changesOf(project, type, id, oldest?.revision ?? revision + 1, size)
      for (const change of changes) {
        if (blame === undefined) blame = new Blame(existing(change, id, revision))
        else blame.add(change)
        oldest = change
        if (blame.isDone) return blame.origins
      }
      if (blame === undefined || oldest === undefined) throw resourceNotFound(id, revision)
      steps += changes.length
      if (changes.length === size) continue
      const { horizon } = await this.state(project)
      // A change above the horizon whose predecessor is gone follows a deletion.
      if (oldest.priorRevision === undefined || oldest.revision > horizon) blame.end()
      break
    }
    return blame?.origins ?? []
  }

  /**
   * Gives a page of the changes of a resource below a revision, across deletions and returns. Throws
   * `resource-not-found` for one that was never there, as far as the history goes, and `revision-gone`.
   */
  async ofResource(
    project: string,
    type: ResourceType,
    id: string,
    before: number | undefined,
    limit: number,
  ): Promise<HistoryPage> {
    const { revision } = await this.state(project)
    const slice = new TimeSlice(project)
    // One more than the page has says what its last change did, and whether there is a next page.
    const rows = await this.#lifeOf(project, type, id, Math.min(before ?? revision + 1, revision + 1), limit + 1, slice)
    const { horizon } = await this.state(project)
    refuseBelow(horizon, before, revision)
    if (rows.length === 0 && before === undefined) throw resourceNotFound(id, revision)
    const changes: HistoricalChange[] = []
    for (const [i, change] of rows.slice(0, limit).entries()) {
      if (change.revision <= horizon) break
      if (slice.isOver) await slice.yield()
      changes.push(withEffect(change, rows[i + 1], horizon))
    }
    const hasMore = (rows[limit]?.revision ?? 0) > horizon
    return { revision, horizon, changes, next: hasMore ? changes.at(-1)?.revision : undefined }
  }

  /**
   * Gives a page of the changes of a project that match a filter. With conditions on changes it reads at most 20,000 of
   * them: the page may be short, or even empty, and yet have a next one. Throws `revision-unknown` and `revision-gone`.
   */
  async ofProject(project: string, filter: ActivityFilter, limit: number): Promise<HistoryPage> {
    const { revision, after, before } = await this.#bounds(project, filter)
    const slice = new TimeSlice(project)
    const found: HistoricalChange[] = []
    let [next, read] = [before, 0]
    while (next > after + 1 && found.length < limit && read < FILTERED_MAX) {
      const size = Math.min(BATCH, FILTERED_MAX - read, isSelective(filter) ? BATCH : limit - found.length)
      const rows = await this.#store.changesBefore(project, next, size)
      const some = rows.filter((change) => change.revision > after)
      for (const change of await this.#effectsOf(
        project,
        some.filter((each) => isMeant(each, filter)),
        slice,
      )) {
        if (filter.key !== undefined && !concernsKey(change.effect, filter.key)) continue
        if (found.length < limit) found.push(change)
      }
      read += rows.length
      const isFull = found.length === limit
      next = isFull
        ? (found.at(-1) as Change).revision
        : rows.length < size
          ? after + 1
          : (rows.at(-1) as Change).revision
      if (slice.isOver) await slice.yield()
    }
    const { horizon } = await this.state(project)
    const changes = found.filter((change) => change.revision > horizon)
    return { revision, horizon, changes, next: next > Math.max(after, horizon) + 1 ? next : undefined }
  }

  /** Reads changes of one resource in batches. */
  async #lifeOf(
    project: string,
    type: ResourceType,
    id: string,
    before: number,
    limit: number,
    slice: TimeSlice,
  ): Promise<readonly Change[]> {
    const rows: Change[] = []
    while (rows.length < limit) {
      const size = Math.min(BATCH, limit - rows.length)
      const some = await this.#store.changesOf(project, type, id, rows.at(-1)?.revision ?? before, size)
      rows.push(...some)
      if (some.length < size) break
      if (slice.isOver) await slice.yield()
    }
    return rows
  }

  /** Compares two revisions of a project, see `HistoryDifference`. */
  difference(project: string, range: RevisionRange, filter: DifferenceFilter): Promise<HistoryDifference> {
    return HistoryDifference.read(this.#store, project, range, filter)
  }

  /** Judges the changes of a project above a revision as if a policy had been in force, see `rehearse`. */
  rehearse(
    project: string,
    policy: CompiledPolicy,
    from: number,
    samplesMax: number,
    bounds: RehearsalBounds,
  ): Promise<Rehearsed> {
    return rehearse(this.#store, project, policy, from, samplesMax, bounds)
  }

  /** Gives the revisions between which changes are read, both excluded. */
  async #bounds(project: string, { after, before, sinceMs, untilMs }: ActivityFilter) {
    const { revision, horizon, horizonAtMs } = await this.state(project)
    if (after !== undefined && after > revision) throw revisionUnknown('after', after, revision)
    if (after !== undefined && after < horizon) throw revisionGone('after', after, horizon, revision)
    refuseBelow(horizon, before, revision)
    if (untilMs !== undefined && horizon > 0 && untilMs < horizonAtMs) {
      throw revisionGone('until', new Date(untilMs).toISOString(), horizon, revision)
    }
    const since = sinceMs === undefined ? 0 : await this.#store.revisionAt(project, sinceMs - 1)
    const until = untilMs === undefined ? revision : await this.#store.revisionAt(project, untilMs)
    return {
      revision,
      after: Math.max(after ?? 0, since, horizon),
      before: Math.min(before ?? revision + 1, until + 1, revision + 1),
    }
  }

  /** Adds what each of some changes did. */
  async #effectsOf(
    project: string,
    changes: readonly Change[],
    slice: TimeSlice,
  ): Promise<readonly HistoricalChange[]> {
    const priors = changes.flatMap(({ priorRevision }) => priorRevision ?? [])
    const states = new Map<number, Change>()
    const found = priors.length === 0 ? [] : await this.#store.getChanges(project, priors)
    for (const change of found) if (change !== undefined) states.set(change.revision, change)
    const { horizon } = await this.state(project)
    const effects: HistoricalChange[] = []
    for (const change of changes) {
      if (slice.isOver) await slice.yield()
      if (change.revision <= horizon) break
      effects.push(withEffect(change, states.get(change.priorRevision ?? 0), horizon))
    }
    return effects
  }
}

/** Throws `revision-gone` when no change below a revision is above the horizon any more, and none can be. */
function refuseBelow(horizon: number, before: number | undefined, revision: number): void {
  if (before !== undefined && horizon > 0 && before <= horizon) throw revisionGone('before', before, horizon, revision)
}

function existing(change: Change, id: string, revision: number): Change & { readonly after: ResourceState } {
  const { after } = change
  if (after === undefined) throw resourceNotFound(id, revision)
  return { ...change, after }
}

/** `earlier` is the change before; without it, the resource did not exist, or its deletion is no longer kept. */
function withEffect(change: Change, earlier: Change | undefined, horizon: number): HistoricalChange {
  const { priorRevision, after } = change
  if (earlier?.revision !== priorRevision && (priorRevision ?? 0) > horizon) {
    throw new Error(`the change before revision ${change.revision} is missing in the change log`)
  }
  const isReturn = priorRevision !== undefined && earlier?.after === undefined
  return { ...change, effect: effectOf(earlier?.after, after), formerLife: isReturn ? priorRevision : undefined }
}

/** True when a filter has conditions on changes, besides revisions and times. */
function isSelective({ actor, types, key, cause, requestId }: ActivityFilter): boolean {
  return [actor, types, key, cause, requestId].some((condition) => condition !== undefined)
}

/** Says whether a change meets the conditions that it shows itself, without its effect. */
function isMeant(change: Change, { actor, types, cause, requestId }: ActivityFilter): boolean {
  if (requestId !== undefined && change.requestId !== requestId) return false
  if (actor !== undefined && change.actor !== actor) return false
  if (cause !== undefined && change.cause !== cause) return false
  return types === undefined || types.includes(change.type)
}
