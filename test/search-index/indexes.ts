import { expect } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import type { PageShape } from '../../src/search-index/json-page.ts'
import type { KernelMode } from '../../src/search-index/kernels/kernels.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { fromSnapshot, snapshotOf } from '../support/index-snapshot.ts'

/** Both kinds of kernels, which have to give the same. */
export const KERNEL_MODES = ['plain', 'wasm'] as const

export function indexOf(resources: Iterable<IndexedResource>, kernels: KernelMode = 'plain'): TagIndex {
  const index = new TagIndex({ kernels, seed: 1 })
  for (const resource of resources) index.put(resource)
  return index
}

/** An index as it comes back from a snapshot. */
export function restored(index: TagIndex, kernels: KernelMode): TagIndex {
  return fromSnapshot(snapshotOf(index), kernels)
}

/** Shows everything of a resource that a page can show, the detail turned round. */
export const SHAPE: PageShape = {
  pieces: [
    { text: '{"id":"' },
    'id',
    { text: '","name":"' },
    'name',
    { text: '","detail":' },
    'detail',
    { text: ',"tags":[' },
    'tags',
    { text: ']}' },
  ],
  detail: (detail) => JSON.stringify([detail]),
}

export function shown({ id, name, detail, tags }: IndexedResource): string {
  return JSON.stringify({ id, name, detail: [detail], tags })
}

export type PagedQuery = { readonly query: TagQuery; readonly offset: number; readonly limit: number }

const ALL = Number.MAX_SAFE_INTEGER

/** Holds the answers of an index against those of plain resources in order of creation. */
export function ask(index: TagIndex, model: readonly IndexedResource[], { query, offset, limit }: PagedQuery): void {
  const expected = model.filter((resource) => matches(resource, query))
  const ids = expected.map(({ id }) => id)
  const all = index.find(query, 0, ALL)
  const seen = {
    query,
    counts: [index.count(query), all.total],
    ids: Array.from(all.slots, (slot) => index.at(slot).id),
  }
  if (seen.ids.join() !== ids.join() || seen.counts.join() !== `${ids.length},${ids.length}`) {
    expect(seen).toEqual({ query, counts: [ids.length, ids.length], ids })
  }
  askPage(index, expected, { query, offset, limit })
}

/** Holds a page against all that should match. */
export function askPage(
  index: TagIndex,
  expected: readonly IndexedResource[],
  { query, offset, limit }: PagedQuery,
): void {
  const page = expected.slice(offset, offset + limit)
  const found = index.find(query, offset, limit)
  expect({ query, offset, limit, total: found.total }).toEqual({ query, offset, limit, total: expected.length })
  expect(Array.from(found.slots, (slot) => index.at(slot))).toEqual(page)
  const { total, json } = index.findJson(query, offset, limit, SHAPE)
  expect(total).toBe(expected.length)
  expect(Buffer.from(json).toString()).toBe(page.map(shown).join())
}
