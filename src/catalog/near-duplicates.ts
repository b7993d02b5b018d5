import { combine, type Expression } from '../core/expression/expression.ts'
import {
  findNearDuplicates,
  type NearGroup,
  type Preferred,
  type Spelling,
} from '../core/near-duplicates/near-duplicates.ts'
import type { CombinedRequest, CombinedResult } from './combined-request.ts'
import type { TagCount, TagCountsPage } from './tag-counts.ts'
import { TimeSlice } from './time-slice.ts'

/** A group of spellings. `key`: the key whose values they are; undefined for keys. */
export type FoundGroup = NearGroup & {
  readonly key: string | undefined
  /** Resources that have two keys of the group. */
  readonly both: number
}

/** What the search for near-duplicates needs of a catalog. */
export type NearReads = {
  countTags(
    project: string,
    types: undefined,
    page: TagCountsPage,
  ): Promise<{ revision: number; counts: readonly TagCount[]; hasMore: boolean }>
  search(project: string, types: undefined, request: CombinedRequest): Promise<CombinedResult>
}

/** `max`: keys, or values, that are compared. `preferred`: see `findNearDuplicates`. */
export type NearOptions = { readonly max: number; readonly preferred?: Preferred }

/** Keys or values that are read together. */
const PAGE = 1000

/** The spellings to compare: all keys, or the values of a key. Undefined when there are more than `max`. */
async function spellingsOf(
  catalog: NearReads,
  project: string,
  key: string | undefined,
  max: number,
): Promise<{ readonly revision: number; readonly spellings: readonly Spelling[] } | undefined> {
  const spellings: Spelling[] = []
  for (let after: string | undefined; ; after = spellings.at(-1)?.text) {
    const { revision, counts, hasMore } = await catalog.countTags(project, undefined, {
      key,
      prefix: '',
      after,
      limit: PAGE,
    })
    for (const { text, counts: ofTypes } of counts) {
      let resources = 0
      for (const count of ofTypes.values()) resources += count
      spellings.push({ text, resources })
    }
    if (spellings.length > max) return undefined
    if (!hasMore) return { revision, spellings }
  }
}

/**
 * Finds groups of keys, or of values of one key, that are probably the same, in time slices. Undefined for a key with more
 * than `max` values. The numbers are read page by page; the revision is that of the last page.
 */
export async function nearDuplicates(
  catalog: NearReads,
  project: string,
  key: string | undefined,
  { max, preferred }: NearOptions,
): Promise<{ readonly revision: number; readonly groups: readonly FoundGroup[] } | undefined> {
  const read = await spellingsOf(catalog, project, key, max)
  if (read === undefined) return undefined
  const { revision, spellings } = read
  const slice = new TimeSlice(project)
  const work = findNearDuplicates(spellings, key === undefined ? 'keys' : 'values', preferred)
  let step = work.next()
  while (!step.done) {
    if (slice.isOver) await slice.yield()
    step = work.next()
  }
  if (key !== undefined) return { revision, groups: step.value.map((group) => ({ ...group, key, both: 0 })) }
  const both = await countBoth(catalog, project, step.value)
  return { revision, groups: step.value.map((group, i) => ({ ...group, key: undefined, both: both[i] as number })) }
}

/** Counts the resources that have two keys of each group. */
async function countBoth(
  catalog: NearReads,
  project: string,
  groups: readonly NearGroup[],
): Promise<readonly number[]> {
  const counted = groups.map(({ members }) => ({ filter: twoOf(members.map(({ text }) => text)) }))
  const request = { query: {}, limit: 0, after: undefined, facets: [], counted }
  return (await catalog.search(project, undefined, request)).counts
}

function twoOf(keys: readonly string[]): Expression {
  const pairs = keys.flatMap((a, i) =>
    keys.slice(i + 1).map(
      (b): Expression =>
        combine('and', [
          { kind: 'has-tag', key: a },
          { kind: 'has-tag', key: b },
        ]),
    ),
  )
  return combine('or', pairs)
}
