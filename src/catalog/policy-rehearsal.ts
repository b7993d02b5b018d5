import { revisionGone } from '../core/errors.ts'
import type { CompiledPolicy } from '../core/policy/compiled-policy.ts'
import { Rehearsal, type RehearsedWrite } from '../core/policy/rehearsal.ts'
import type { ResourceState } from '../core/resource.ts'
import type { Change, HistoryReads } from '../store/store.ts'
import type { ChangeReads } from './history-difference.ts'
import { TimeSlice } from './time-slice.ts'

/** Changes that are read together. */
const CHANGES_BATCH = 250

/** How far a rehearsal goes. */
export type RehearsalBounds = {
  readonly rowsMax: number
  /** Asked between two batches: true ends it. */
  readonly isOver: () => boolean
}

/** The outcome: the writes above `from` up to `to`; `isPartial`, there are later ones. */
export type Rehearsed = {
  readonly from: number
  readonly to: number
  readonly isPartial: boolean
  readonly rehearsal: Rehearsal
}

/**
 * Judges the changes of a project above a revision as if a policy had been in force: reads the change log in time slices,
 * with the state before each change. Throws `revision-gone` if they are forgotten meanwhile.
 */
export async function rehearse(
  store: HistoryReads & ChangeReads,
  project: string,
  policy: CompiledPolicy,
  from: number,
  samplesMax: number,
  { rowsMax, isOver }: RehearsalBounds,
): Promise<Rehearsed> {
  const { revision: end } = await store.getHistoryState(project)
  const rehearsal = new Rehearsal(policy, samplesMax)
  const slice = new TimeSlice(project)
  let at = from
  while (at < end && rehearsal.writes < rowsMax && !isOver()) {
    const size = Math.min(CHANGES_BATCH, rowsMax - rehearsal.writes)
    const changes = await store.changesSince(project, at, size, end)
    const before = await statesBefore(store, project, changes)
    const { revision, horizon } = await store.getHistoryState(project)
    if (horizon > from) throw revisionGone('since', from, horizon, revision)
    if (changes.length === 0) throw new Error(`the change after revision ${at} is missing in the change log`)
    for (const change of changes) {
      if (slice.isOver) await slice.yield()
      rehearsal.add(toWrite(change, before.get(change.priorRevision ?? 0)))
      at = change.revision
    }
  }
  return { from, to: at, isPartial: at < end, rehearsal }
}

/** The changes that the given ones follow, by revision. One that is not kept was a deletion. */
async function statesBefore(
  store: HistoryReads,
  project: string,
  changes: readonly Change[],
): Promise<ReadonlyMap<number, Change>> {
  const known = new Map(changes.map((change) => [change.revision, change]))
  const others = changes.flatMap(({ priorRevision: prior }) => (prior === undefined || known.has(prior) ? [] : [prior]))
  const found = others.length === 0 ? [] : await store.getChanges(project, others)
  for (const change of found) if (change !== undefined) known.set(change.revision, change)
  return known
}

function toWrite(
  { revision, kind, type, id, after, actor, requestId, atMs }: Change,
  earlier?: Change,
): RehearsedWrite {
  const tagsOf = (state: ResourceState | undefined) => state?.tags
  const replaces = kind === 'register'
  return { revision, type, id, replaces, before: tagsOf(earlier?.after), after: tagsOf(after), actor, requestId, atMs }
}
