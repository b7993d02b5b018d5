import { otherSpellings } from './board-model.ts'
import { useProblemCounts } from './queries.ts'

/**
 * The keys in use that differ from that of a rule in case alone. Undefined until they are known, or if there are so many keys that
 * some may be missing: then no filter can be made from them.
 */
export function useSpellings(key: string, type: string | undefined, isSome: boolean): readonly string[] | undefined {
  const { data } = useProblemCounts({ key, type, problem: 'wrong-case' }, 'keys', isSome)
  if (!isSome) return NONE
  const [facet] = data?.facets ?? []
  if (facet === undefined || facet.more > 0) return undefined
  return otherSpellings(key, facet.keys?.map((each) => each.key) ?? [])
}

const NONE: readonly string[] = []
