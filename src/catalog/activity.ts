import { type Interval, nextInterval, startOfInterval } from '../core/interval.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { HistoryReads } from '../store/store.ts'
import { addToKeys, type KeyEffects } from './activity-keys.ts'
import type { ActivityFilter, HistoricalChange, History, HistoryPage } from './history.ts'
import { TimeSlice } from './time-slice.ts'

/** The changes of one interval. */
export type ActivityPoint = {
  readonly startMs: number
  readonly changes: number
  /** The last revision of the project at the end of the interval. */
  readonly revision: number
}

/** How many changes a project had, interval by interval. */
export type ActivityCount = {
  readonly revision: number
  readonly horizon: number
  readonly interval: Interval
  /** Every interval between two times, ascending. */
  readonly points: readonly ActivityPoint[]
  /** With conditions on changes: those before this time were not read, so they are not counted. */
  readonly completeFromMs: number | undefined
}

/** Changes that belong together: those of one plan or the like by one user, or else of one request. */
export type ActivityGroup = {
  readonly cause: string | undefined
  /** The request of the latest of the changes. */
  readonly requestId: string
  readonly actor: string
  readonly first: { revision: number; atMs: number }
  readonly last: { readonly revision: number; readonly atMs: number }
  changes: number
  readonly resources: Set<string>
  readonly effects: { created: number; updated: number; deleted: number }
  readonly types: Map<ResourceType, number>
  readonly keys: Map<string, KeyEffects>
  /** The name of the resource, if there is only one. */
  readonly resourceName: string
  /** Changes before `first` were not looked at, and may belong to the group. */
  mayContinue: boolean
}

/** A page of groups, the one with the latest change first. */
export type ActivityPage = {
  readonly revision: number
  readonly horizon: number
  readonly groups: readonly ActivityGroup[]
  /** The next page has the changes below this revision; undefined on the last page. */
  readonly next: number | undefined
}

/** Changes that one call reads to group them, or to count those that meet conditions. */
const READ_MAX = 20_000
const PAGE = 500

/** What happened in a project: numbers over time, and groups of changes. */
export class Activity {
  readonly #store: HistoryReads
  readonly #history: History

  constructor(store: HistoryReads, history: History) {
    this.#store = store
    this.#history = history
  }

  /** Gives the time of the oldest change of a project that is kept; undefined without any. */
  async firstAtMs(project: string): Promise<number | undefined> {
    const { revision, horizon } = await this.#history.state(project)
    if (revision === horizon) return undefined
    const [first] = await this.#store.getChanges(project, [horizon + 1])
    return first?.atMs
  }

  /**
   * Counts changes between two times. Without conditions on changes the counts come from revisions alone, whose times are
   * searched: no change is read. With conditions, at most 20,000 changes are read, the latest first.
   */
  async count(
    project: string,
    interval: Interval,
    fromMs: number,
    toMs: number,
    filter: ActivityFilter,
  ): Promise<ActivityCount> {
    const starts: number[] = []
    for (let at = startOfInterval(interval, fromMs); at <= toMs; at = nextInterval(interval, at)) starts.push(at)
    const end = nextInterval(interval, starts.at(-1) ?? startOfInterval(interval, fromMs))
    const { revision, horizon } = await this.#history.state(project)
    const edges = await this.#revisionsAt(project, [...starts, end], horizon)
    const isPlain = Object.values(filter).every((condition) => condition === undefined)
    const totals = starts.map((_, i) => (edges[i + 1] ?? 0) - (edges[i] ?? 0))
    const found = isPlain
      ? { counts: totals, completeFromMs: undefined }
      : await this.#matching(project, starts, end, filter)
    const points = starts.map((startMs, i) => ({ startMs, changes: found.counts[i] ?? 0, revision: edges[i + 1] ?? 0 }))
    return { revision, horizon, interval, points, completeFromMs: found.completeFromMs }
  }

  /**
   * Gives a page of groups. It has at most `limit` of them and reads at most 20,000 changes: a group may go on on the next
   * page, and groups whose changes lie among those of others may be on several.
   */
  async groups(project: string, filter: ActivityFilter, limit: number): Promise<ActivityPage> {
    const groups = new Map<string, ActivityGroup>()
    const slice = new TimeSlice(project)
    let before = filter.before
    let newest: number | undefined
    for (;;) {
      const page = await this.#history.ofProject(project, { ...filter, before }, PAGE)
      newest ??= page.changes[0]?.revision
      const { revision, horizon } = page
      for (const change of page.changes) {
        if (slice.isOver) await slice.yield()
        const group = groups.get(groupKey(change))
        if (group === undefined && groups.size === limit) {
          return { revision, horizon, groups: [...groups.values()], next: change.revision + 1 }
        }
        if (group === undefined) groups.set(groupKey(change), newGroup(change))
        else addTo(group, change)
      }
      before = page.next
      if (before === undefined || isEnough(page, newest)) {
        const last = page.changes.at(-1)
        const open = last && groups.get(groupKey(last))
        if (open !== undefined && before !== undefined) open.mayContinue = true
        return { revision, horizon, groups: [...groups.values()], next: before }
      }
    }
  }

  /** Counts the changes that meet conditions. */
  async #matching(project: string, starts: readonly number[], endMs: number, filter: ActivityFilter) {
    const counts = starts.map(() => 0)
    const within = { ...filter, sinceMs: starts[0], untilMs: endMs - 1 }
    let before: number | undefined
    let newest: number | undefined
    let at = starts.length - 1
    for (;;) {
      const page = await this.#history.ofProject(project, { ...within, before }, PAGE)
      newest ??= page.changes[0]?.revision
      for (const { atMs } of page.changes) {
        while (at > 0 && atMs < (starts[at] as number)) at--
        counts[at] = (counts[at] ?? 0) + 1
      }
      before = page.next
      if (before === undefined) return { counts, completeFromMs: undefined }
      if (!isEnough(page, newest)) continue
      const [oldest] = await this.#store.getChanges(project, [before])
      return { counts, completeFromMs: oldest?.atMs }
    }
  }

  /**
   * Gives the last revision before each of some ascending times, never below the horizon. Between two times with the same
   * revision there is none to search for.
   */
  async #revisionsAt(project: string, times: readonly number[], horizon: number): Promise<readonly number[]> {
    const revisions = times.map(() => 0)
    const slice = new TimeSlice(project)
    const search = async (i: number) => {
      if (slice.isOver) await slice.yield()
      revisions[i] = Math.max(horizon, await this.#store.revisionAt(project, (times[i] as number) - 1))
    }
    const fill = async (low: number, high: number): Promise<void> => {
      if (high - low < 2) return
      if (revisions[low] === revisions[high]) {
        revisions.fill(revisions[low] as number, low + 1, high)
        return
      }
      const middle = Math.floor((low + high) / 2)
      await search(middle)
      await fill(low, middle)
      await fill(middle, high)
    }
    await search(0)
    await search(times.length - 1)
    await fill(0, times.length - 1)
    return revisions
  }
}

/** Says whether one call has read enough, with a page that has a next one. A short page has used up what the history reads. */
function isEnough({ changes, next = 0 }: HistoryPage, newest = next): boolean {
  return changes.length < PAGE || newest - next >= READ_MAX
}

function groupKey({ actor, cause, requestId }: HistoricalChange): string {
  return JSON.stringify(cause === undefined ? [actor, requestId] : [actor, cause, null])
}

function newGroup(change: HistoricalChange): ActivityGroup {
  const { revision, atMs, actor, cause, requestId, effect, after } = change
  const group: ActivityGroup = {
    ...{ cause, requestId, actor, changes: 0, mayContinue: false },
    ...{ first: { revision, atMs }, last: { revision, atMs } },
    ...{ resources: new Set<string>(), types: new Map(), keys: new Map() },
    effects: { created: 0, updated: 0, deleted: 0 },
    resourceName: after?.name ?? effect.name?.before ?? '',
  }
  addTo(group, change)
  return group
}

function addTo(group: ActivityGroup, { revision, atMs, type, id, effect }: HistoricalChange): void {
  group.first.revision = revision
  group.first.atMs = atMs
  group.changes++
  group.effects[effect.effect]++
  group.resources.add(`${type}/${id}`)
  group.types.set(type, (group.types.get(type) ?? 0) + 1)
  addToKeys(group.keys, effect)
}
