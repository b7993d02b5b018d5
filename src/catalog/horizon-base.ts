import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import { type IndexParts, ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** Changes per read of the change log. */
const BATCH = 500
/** Sequences that are looked up between two looks at the clock. */
const SEQUENCES_PER_LOOK = 256

/** Thrown when changes at the horizon were deleted while they were read, because the horizon has moved. */
export class HorizonMoved extends Error {
  constructor() {
    super('the horizon of the change log has moved')
  }
}

/**
 * Builds the index of a project as it was at the horizon of its change log. The log has the last change of each resource
 * there, but not in order of creation, and no engine sorts a million rows without stopping for seconds. So the first pass
 * notes where the last change of each resource is, and the second reads these changes by their sequence. Throws
 * `HorizonMoved`.
 */
export async function indexAtHorizon(
  store: Pick<ReadOnlyTagStore, 'changesSince' | 'getChanges'>,
  project: string,
  horizon: number,
  parts: IndexParts,
): Promise<ProjectIndex> {
  const last = await lastChanges(store, project, horizon)
  return ProjectIndex.ofChanges(changesInOrder(store, project, last), horizon, parts)
}

/** The revision of the last change of each resource that is there at the horizon, by its sequence. */
async function lastChanges(
  store: Pick<ReadOnlyTagStore, 'changesSince'>,
  project: string,
  horizon: number,
): Promise<ReadonlyMap<number, number>> {
  const last = new Map<number, number>()
  const slice = new TimeSlice()
  for (let after = 0; ; ) {
    const changes = await store.changesSince(project, after, BATCH, horizon)
    for (const { sequence, revision, after: state } of changes) {
      if (state === undefined) last.delete(sequence)
      else last.set(sequence, revision)
    }
    if (changes.length < BATCH) return last
    after = changes.at(-1)?.revision as number
    if (slice.isOver) await slice.yield()
  }
}

async function* changesInOrder(
  store: Pick<ReadOnlyTagStore, 'getChanges'>,
  project: string,
  last: ReadonlyMap<number, number>,
): AsyncGenerator<readonly Change[]> {
  const slice = new TimeSlice()
  let batch: number[] = []
  let left = last.size
  for (let sequence = 0; left > 0; sequence++) {
    if (sequence % SEQUENCES_PER_LOOK === 0 && slice.isOver) await slice.yield()
    const revision = last.get(sequence)
    if (revision === undefined) continue
    left--
    batch.push(revision)
    if (batch.length < BATCH && left > 0) continue
    const changes = await store.getChanges(project, batch)
    if (changes.includes(undefined)) throw new HorizonMoved()
    yield changes as readonly Change[]
    batch = []
  }
}
