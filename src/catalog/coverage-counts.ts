import type { ResourceType } from '../core/resource-types.ts'
import { SmallestItems } from '../core/smallest-items.ts'
import { compareCodePoints } from '../core/text.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import type { CoverageCount, CoverageSeries } from '../store/coverage-store.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** Counts that change while they are made are made again, the last time without yielding. */
const TRIES_MAX = 3
/** Keys that are counted by default, besides those of the rules. */
export const MOST_USED_KEYS = 20
/** Keys that are read between two looks at the clock. */
const KEYS_PER_LOOK = 256

/** The rules of a project for the values of keys. */
export type ValidityRules = {
  /** The same as long as the rules are. */
  readonly id: string
  /** The keys that have rules. */
  readonly keys: readonly string[]
  /** Counts the resources of a type that have a key in the right case and with a valid value; undefined without a rule. */
  readonly countValid: (index: TagIndex, type: ResourceType, key: string) => number | undefined
}

/** What is counted. */
export type CoverageRequest = {
  /** Default: every type that the project has. */
  readonly types?: readonly ResourceType[] | undefined
  /** Default: the keys of the rules and the most used ones. */
  readonly keys?: readonly string[] | undefined
  /** Further keys. */
  readonly moreKeys?: readonly string[] | undefined
  readonly rules?: ValidityRules | undefined
}

export type Counted = CoverageSeries & CoverageCount

/**
 * Counts the resources that have each key, by type and in all, at one revision, in time slices. The first key is the empty
 * one, which stands for any; the others ascend. With rules, a key that has one is counted a second time, with valid values.
 */
export async function countCoverage(
  index: ProjectIndex,
  project: string,
  request: CoverageRequest,
): Promise<{ readonly revision: number; readonly keys: readonly string[]; readonly counts: readonly Counted[] }> {
  const slice = new TimeSlice(project)
  const keys = await keysOf(index, request, slice)
  for (let tries = 1; ; tries++) {
    await index.boundary.reached()
    const { revision } = index
    const counting = count(index, keys, request)
    let step = counting.next()
    while (!step.done && index.revision === revision) {
      if (slice.isOver && tries < TRIES_MAX) await slice.yield()
      if (index.revision === revision) step = counting.next()
    }
    if (step.done) return { revision, keys, counts: step.value }
  }
}

/** Yields after each type of each key. */
function* count(
  index: ProjectIndex,
  keys: readonly string[],
  { types = index.types, rules }: CoverageRequest,
): Generator<undefined, readonly Counted[]> {
  const counts: Counted[] = []
  for (const key of ['', ...keys]) {
    const ofTypes: Counted[] = []
    const validOfTypes: Counted[] = []
    for (const type of types) {
      const ofType = index.of(type)
      const resources = ofType.size
      const tagged = key === '' ? resources - ofType.count({ withoutAnyTag: true }) : ofType.countOf(key)
      ofTypes.push({ type, key, rules: '', resources, tagged, valid: undefined })
      const valid = key === '' ? undefined : rules?.countValid(ofType, type, key)
      if (rules !== undefined && valid !== undefined) {
        validOfTypes.push({ type, key, rules: rules.id, resources, tagged, valid })
      }
      yield
    }
    counts.push(sumOf(key, '', ofTypes), ...ofTypes)
    if (rules !== undefined && validOfTypes.length > 0) counts.push(sumOf(key, rules.id, validOfTypes), ...validOfTypes)
  }
  return counts
}

/** The counts of all types together. */
function sumOf(key: string, rules: string, counts: readonly Counted[]): Counted {
  let [resources, tagged, valid] = [0, 0, 0]
  for (const one of counts) {
    resources += one.resources
    tagged += one.tagged
    valid += one.valid ?? 0
  }
  return { type: '', key, rules, resources, tagged, valid: rules === '' ? undefined : valid }
}

async function keysOf(index: ProjectIndex, request: CoverageRequest, slice: TimeSlice): Promise<readonly string[]> {
  const { keys, moreKeys = [], rules, types } = request
  const chosen = keys ?? [...(rules?.keys ?? []), ...(await mostUsed(index, types ?? index.types, slice))]
  return [...new Set([...chosen, ...moreKeys])].sort(compareCodePoints)
}

type Use = { readonly key: string; readonly resources: number }

/** The most used keys, of equally used ones the first. The counts of an index that changes are those of several moments. */
async function mostUsed(
  index: ProjectIndex,
  types: readonly ResourceType[],
  slice: TimeSlice,
): Promise<readonly string[]> {
  const uses = new Map<string, number>()
  for (const type of types) {
    while (!index.of(type).tagsInUse.prepare()) if (slice.isOver) await slice.yield()
    let read = 0
    for (const key of index.of(type).tagsInUse.view().keys()) {
      uses.set(key, (uses.get(key) ?? 0) + index.of(type).countOf(key))
      if (++read % KEYS_PER_LOOK === 0 && slice.isOver) await slice.yield()
    }
  }
  const most = new SmallestItems<Use>(
    MOST_USED_KEYS,
    (a, b) => b.resources - a.resources || compareCodePoints(a.key, b.key),
  )
  for (const [key, resources] of uses) most.add({ key, resources })
  return most.sorted.map(({ key }) => key)
}
