import { SortedList } from './sorted-list.ts'
import type { Tag } from './tag.ts'
import { compareCodePoints } from './text.ts'

/** The values of one key: for look-up, and ascending. */
type Values = { readonly key: string; readonly known: Set<string>; readonly sorted: SortedList<string> }

/** Collects tags, each once, in order. An addition costs little, so that it fits into any time slice. */
export class DistinctTags {
  readonly #byKey = new Map<string, Values>()
  readonly #sorted = new SortedList<Values>(({ key }) => key)

  readonly add = ({ key, value }: Tag): void => {
    let values = this.#byKey.get(key)
    if (values === undefined) {
      values = { key, known: new Set(), sorted: new SortedList((text: string) => text) }
      this.#byKey.set(key, values)
      this.#sorted.put(values, 0)
    }
    if (values.known.has(value)) return
    values.known.add(value)
    values.sorted.put(value, 0)
  };

  /** The tags by key, then value, by code point. */
  *sorted(): Generator<Tag> {
    for (const { key, sorted } of this.#sorted) for (const value of sorted) yield { key, value }
  }
}

/** Merges two ordered sequences of tags; a tag of both comes once. */
export function* mergeTags(first: Iterable<Tag>, second: Iterable<Tag>): Generator<Tag> {
  const others = second[Symbol.iterator]()
  let other = others.next()
  for (const tag of first) {
    while (!other.done && compareTags(other.value, tag) < 0) {
      yield other.value
      other = others.next()
    }
    if (!other.done && compareTags(other.value, tag) === 0) other = others.next()
    yield tag
  }
  for (; !other.done; other = others.next()) yield other.value
}

function compareTags(a: Tag, b: Tag): number {
  return compareCodePoints(a.key, b.key) || compareCodePoints(a.value, b.value)
}

/** Yields the JSON of ordered tags in parts: `{"key":...,"values":[...]}`, separated by commas. */
export function* keysWithValuesJson(tags: Iterable<Tag>): Generator<string> {
  let lastKey: string | undefined
  for (const { key, value } of tags) {
    const end = lastKey === undefined ? '' : ']},'
    yield key === lastKey
      ? `,${JSON.stringify(value)}`
      : `${end}{"key":${JSON.stringify(key)},"values":[${JSON.stringify(value)}`
    lastKey = key
  }
  if (lastKey !== undefined) yield ']}'
}
