import type { TagFilter } from '../../src/core/tag-query.ts'
import { LIVE, TagDictionary } from '../../src/search-index/dictionary.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'

/** Slots 0 to 9 carry a=1 (even) or a=2 (odd); slots 0 to 2 carry b=x; slot 5 carries c. */
export const dictionary = new TagDictionary(new Arena('plain'), 0)
dictionary.addBuiltInTerms()
for (let slot = 0; slot < 10; slot++) {
  dictionary.postings.add(LIVE, slot)
  dictionary.assign(slot, 'a', slot % 2 === 0 ? '1' : '2')
  if (slot < 3) dictionary.assign(slot, 'b', 'x')
}
dictionary.assign(5, 'c', '')

export const [a, b, c] = ['a', 'b', 'c'].map((key) => dictionary.key(key)) as [number, number, number]
export const a1 = dictionary.pair(a, '1')
export const a2 = dictionary.pair(a, '2')
export const bx = dictionary.pair(b, 'x')

export const any = (key: string, ...values: string[]): TagFilter => ({ key, values })
