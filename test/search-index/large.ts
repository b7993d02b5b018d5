import type { IndexedResource } from '../../src/core/resource.ts'
import type { Tag } from '../../src/core/tag.ts'
import type { TagFilter } from '../../src/core/tag-query.ts'
import type { TagIndex } from '../../src/search-index/tag-index.ts'
import { indexOf } from './indexes.ts'
import { idOf } from './queries.ts'

// Indexes of thousands of resources, and filters for them.

export const any = (key: string, ...values: string[]): TagFilter => ({ key, values })
export const texts = (count: number) => Array.from({ length: count }, (_, n) => String(n))

/**
 * The resource with a number in a large index. Tags: `all` on each but the last hundred of a thousand, `half` on every
 * second, `third` on every third, `many` with one of 3000 values, `rare` on every hundredth, `first` on the first thirty,
 * `wide` with one of forty values. Names: empty for every fifth, `Shared` or `SHARED` for two of eight, else unique.
 */
export function nth(n: number): IndexedResource {
  const tags: Tag[] = [
    { key: 'all', value: String(n % 4) },
    { key: 'wide', value: String((n * 7) % 40) },
    { key: 'many', value: String((n * 31) % 3000) },
    ...(n % 2 === 0 ? [{ key: 'half', value: n % 4 === 0 ? 'x' : 'y' }] : []),
    ...(n % 3 === 0 ? [{ key: 'third', value: '' }] : []),
    ...(n % 100 === 0 ? [{ key: 'rare', value: String(n / 100) }] : []),
    ...(n < 30 ? [{ key: 'first', value: String(n) }] : []),
  ]
  const unique = `${['Odd', 'even', '标签', 'Größe'][n % 4]}-${n}`
  const name = n % 5 === 0 ? '' : n % 8 === 3 ? 'Shared' : n % 8 === 7 ? 'SHARED' : n === 1211 ? '\ud83d lone' : unique
  return {
    id: idOf(n),
    sequence: n + 1,
    name,
    detail: `{"n":${n % 9}}`,
    createdAtMs: n,
    updatedAtMs: 0,
    tags: n % 1000 >= 900 ? [] : tags,
  }
}

/** Resources as created, and after some were changed and others removed (undefined). */
export function largeModelOf(size: number): { created: IndexedResource[]; changed: (IndexedResource | undefined)[] } {
  const created = Array.from({ length: size }, (_, n) => nth(n))
  const changed = created.map((resource, n) => {
    if (n % 37 === 5) return undefined
    if (n % 41 !== 6) return resource
    return { ...resource, name: `changed ${n}`, tags: resource.tags.filter((_, i) => i % 2 === n % 2) }
  })
  return { created, changed }
}

export function largeIndexOf(size: number, kernels: 'plain' | 'wasm'): TagIndex {
  const { created, changed } = largeModelOf(size)
  const index = indexOf(created, kernels)
  for (const [n, resource] of changed.entries()) {
    if (resource === undefined) index.remove(idOf(n))
    else if (resource !== created[n]) index.put(resource)
  }
  return index
}

/** A large index and the resources that it contains. */
export function largeOf(size: number, kernels: 'plain' | 'wasm'): { index: TagIndex; model: IndexedResource[] } {
  const model = largeModelOf(size).changed.filter((resource) => resource !== undefined)
  return { index: largeIndexOf(size, kernels), model }
}
