import type { TagFilter, TagQuery } from '../../src/core/tag-query.ts'
import { Random } from '../support/random.ts'

// An estate: resources of many types, whose tags are drawn from a vocabulary as often as it says.

/** Keys with their values, and how often each occurs. */
export type Vocabulary = Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>

export type EstateResource = {
  readonly id: string
  readonly name: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

/** Resources by type, in the order in which they are created. */
export type Estate = ReadonlyMap<string, readonly EstateResource[]>

/** Tags that every type takes under the profile `huawei`. */
const TAGS_MAX = 10
const UNTAGGED_SHARE = 0.1
/** Queries that `queriesOn` gives. */
export const QUERIES_PER_TYPE = 4

/** Makes a vocabulary in which few keys and values are frequent and most are rare. */
export function makeVocabulary(seed: number): Vocabulary {
  const random = new Random(seed)
  const FIRST = ['app', 'team', 'cost', 'data', 'owner', 'stage', 'Backup', 'k8s', '部门', 'net']
  const SECOND = ['', '-name', '_id', '-center', 'Class', '-v2', '项目']
  const keys = FIRST.flatMap((first) => SECOND.map((second) => first + second))
  return Object.fromEntries(
    keys.map((key, rank) => {
      const values = Array.from({ length: 1 + random.below(40) }, (_, i): [string, number] => [
        random.chance(0.2) ? `v${i}.0` : `${random.pick(['prod', 'Dev', 'blue', '生产', 'x_y'])}-${i}`,
        Math.ceil(1000 / ((rank + 1) * (i + 1))),
      ])
      return [key, { values: Object.fromEntries(values) }]
    }),
  )
}

/** Makes `count` resources of the types, of which the first ones have the most. */
export function makeEstate(vocabulary: Vocabulary, types: readonly string[], count: number, seed: number): Estate {
  const random = new Random(seed)
  const drawType = weighted(types.map((type, i) => [type, 1 / (i + 3)]))
  const drawKey = weighted(Object.entries(vocabulary).map(([key, { values }]) => [key, sum(Object.values(values))]))
  const drawValue = new Map(
    Object.entries(vocabulary).map(([key, { values }]) => [key, weighted(Object.entries(values))] as const),
  )
  const estate = new Map<string, EstateResource[]>(types.map((type) => [type, []]))
  for (let i = 0; i < count; i++) {
    // Each type has a few resources at least.
    const type = i < 3 * types.length ? (types[i % types.length] as string) : drawType(random)
    const keys = new Set<string>()
    const tries = random.chance(UNTAGGED_SHARE) ? 0 : 1 + random.below(TAGS_MAX)
    for (let t = 0; t < tries; t++) keys.add(drawKey(random))
    const tags = Array.from(keys, (key) => ({ key, value: drawValue.get(key)?.(random) ?? '' }))
    estate.get(type)?.push({ id: uuidOf(i), name: `resource ${i}`, tags })
  }
  return estate
}

/** Queries by tag that TMS, every service and the command line have: of one or two keys, with some or any value. */
export function queriesOn(
  resources: readonly EstateResource[],
  random: Random,
): readonly Required<Pick<TagQuery, 'tags'>>[] {
  const tagged = resources.filter(({ tags }) => tags.length > 0)
  const filter = ({ key, value }: EstateResource['tags'][number], any: boolean): TagFilter => {
    const others = random.pick(tagged).tags.filter((tag) => tag.key === key && tag.value !== value)
    return { key, values: any ? [] : [value, ...others.map((tag) => tag.value)] }
  }
  return Array.from({ length: QUERIES_PER_TYPE }, (_, i) => {
    if (tagged.length === 0) return { tags: [{ key: 'absent', values: [] }] }
    const { tags } = random.pick(tagged)
    const taken = i % 2 === 0 ? tags.slice(0, 1) : tags.slice(-2)
    return { tags: taken.map((tag) => filter(tag, i === 2)) }
  })
}

/** The lines of an import. */
export function linesOf(estate: Estate): string {
  const lines = Array.from(estate, ([resource_type, resources]) =>
    resources.map(({ id, name, tags }) =>
      JSON.stringify({ resource_type, resource_id: id, resource_name: name, tags }),
    ),
  )
  return `${lines.flat().join('\n')}\n`
}

/** Draws items as often as their weights say. */
function weighted<T>(items: readonly (readonly [item: T, weight: number])[]): (random: Random) => T {
  const ends: number[] = []
  let end = 0
  for (const [, weight] of items) {
    end += weight
    ends.push(end)
  }
  return (random) => {
    const drawn = random.next() * end
    let [low, high] = [0, items.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] as number) > drawn) high = middle
      else low = middle + 1
    }
    return (items[low] as readonly [T, number])[0]
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** An id that the image service takes too. */
function uuidOf(i: number): string {
  return `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`
}
