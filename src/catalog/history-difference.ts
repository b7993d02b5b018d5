import { type ChangeEffect, concernsKey, effectOf } from '../core/change-effect.ts'
import { ChangeSpan, type TouchedResource } from '../core/change-span.ts'
import { type Movement, movementOf } from '../core/difference.ts'
import { revisionGone } from '../core/errors.ts'
import { matches } from '../core/matches.ts'
import type { ResourceState } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { Change, HistoryReads } from '../store/store.ts'
import { TimeSlice } from './time-slice.ts'

/** Which resources are compared. */
export type DifferenceFilter = {
  readonly types?: readonly ResourceType[] | undefined
  /** Judged at both moments. */
  readonly query: TagQuery
  /** Only resources whose tag with this key differs. */
  readonly key?: string | undefined
}

/** A resource that differs at two revisions. */
export type DifferentResource = {
  readonly type: ResourceType
  readonly id: string
  readonly name: string
  readonly movement: Movement
  /** Undefined when the resource did not exist. */
  readonly from: ResourceState | undefined
  readonly to: ResourceState | undefined
  readonly effect: ChangeEffect
  /** Number of its changes between the two revisions, and the ids of their authors, the latest first. */
  readonly changes: number
  readonly actors: readonly string[]
}

/** Changes that are read together. */
const CHANGES_BATCH = 250
/** Resources whose states are read together. */
const RESOURCES_BATCH = 125

/**
 * The difference of two revisions of a project: its changes between them are read once for the resources that they touched,
 * then the states of these at both ends. Works in time slices; takes memory by the number of changes.
 */
export class HistoryDifference {
  readonly #store: HistoryReads & ChangeReads
  readonly #project: string
  readonly #filter: DifferenceFilter
  readonly #isReversed: boolean
  readonly #low: number
  readonly #high: number
  readonly #span: ChangeSpan
  readonly #actors = new Map<string, number>()
  readonly #slice: TimeSlice

  private constructor(
    store: HistoryReads & ChangeReads,
    project: string,
    range: RevisionRange,
    filter: DifferenceFilter,
  ) {
    this.#store = store
    this.#project = project
    this.#filter = filter
    this.#isReversed = range.from > range.to
    this.#low = Math.min(range.from, range.to)
    this.#high = Math.max(range.from, range.to)
    this.#span = new ChangeSpan(this.#low, this.#high)
    this.#slice = new TimeSlice(project)
  }

  /** Reads the changes between two revisions. Rejects with `revision-gone` if they are forgotten meanwhile. */
  static async read(
    store: HistoryReads & ChangeReads,
    project: string,
    range: RevisionRange,
    filter: DifferenceFilter,
  ): Promise<HistoryDifference> {
    const difference = new HistoryDifference(store, project, range, filter)
    await difference.#readChanges()
    return difference
  }

  /** The ids of the users who made the changes. */
  get actors(): Iterable<string> {
    return this.#actors.keys()
  }

  /** Gives the resources that differ, in batches, in the order of their first changes. */
  async *resources(): AsyncGenerator<readonly DifferentResource[]> {
    const names = [...this.#actors.keys()]
    for (const touched of batchesOf(this.#span.touched(), RESOURCES_BATCH)) {
      const priors = touched.flatMap(({ prior }) => prior ?? [])
      const found = await this.#store.getChanges(this.#project, [...priors, ...touched.map(({ last }) => last)])
      const states = new Map<number, Change>()
      for (const change of found) if (change !== undefined) states.set(change.revision, change)
      const horizon = await this.#refuseGone()
      const missing = priors.find((prior) => prior > horizon && !states.has(prior))
      if (missing !== undefined) throw new Error(`revision ${missing} is missing in the change log`)
      const different: DifferentResource[] = []
      for (const each of touched) {
        if (this.#slice.isOver) await this.#slice.yield()
        const resource = this.#compare(each, states, names)
        if (resource !== undefined) different.push(resource)
      }
      yield different
    }
  }

  async #readChanges(): Promise<void> {
    const { types } = this.#filter
    for (let revision = this.#low; !this.#span.isComplete; ) {
      const changes = await this.#store.changesSince(this.#project, revision, CHANGES_BATCH, this.#high)
      await this.#refuseGone()
      if (changes.length === 0) throw new Error(`the change after revision ${revision} is missing in the change log`)
      for (const change of changes) {
        if (types !== undefined && !types.includes(change.type)) this.#span.leaveOut(change.revision)
        else this.#span.add(change.revision, change.priorRevision, this.#numberOf(change.actor))
        revision = change.revision
      }
      if (this.#slice.isOver) await this.#slice.yield()
    }
  }

  #numberOf(actor: string): number {
    const known = this.#actors.get(actor) ?? this.#actors.size
    this.#actors.set(actor, known)
    return known
  }

  /** Gives the horizon. Throws `revision-gone` when retention has moved it above the lower revision. */
  async #refuseGone(): Promise<number> {
    const { revision, horizon } = await this.#store.getHistoryState(this.#project)
    if (horizon > this.#low) throw revisionGone('from', this.#low, horizon, revision)
    return horizon
  }

  #compare(
    { prior, last, changes, actors }: TouchedResource,
    states: ReadonlyMap<number, Change>,
    names: readonly string[],
  ): DifferentResource | undefined {
    const change = states.get(last)
    if (change === undefined) throw new Error(`revision ${last} is missing in the change log`)
    const { type, id } = change
    const { query, key } = this.#filter
    // A change before that is not kept was a deletion: others at or below the horizon stay as long as they are the last.
    const ends = [states.get(prior ?? 0), change]
    const [first, second] = this.#isReversed ? ends.toReversed() : ends
    const [from, to] = [first?.after, second?.after]
    const candidates = [first, second].map((end) => candidateOf(this.#project, end))
    const movement = movementOf(candidates[0], candidates[1], (candidate) => matches(candidate, query))
    if (movement === undefined) return undefined
    const effect = effectOf(from, to)
    if (key !== undefined && !concernsKey(effect, key)) return undefined
    const name = (to ?? from)?.name ?? ''
    return { type, id, name, movement, from, to, effect, changes, actors: actors.map((each) => names[each] as string) }
  }
}

/** A resource after a change, as conditions read it; undefined if it does not exist then. */
function candidateOf(project: string, change: Change | undefined) {
  if (change?.after === undefined) return undefined
  const { type, id, createdAtMs, atMs, after } = change
  return { ...after, project, type, id, createdAtMs, updatedAtMs: atMs }
}

export type ChangeReads = {
  changesSince(project: string, revision: number, limit: number, upTo?: number): Promise<readonly Change[]>
}

/** Two revisions; the first may be the later one. */
export type RevisionRange = { readonly from: number; readonly to: number }

function* batchesOf<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
