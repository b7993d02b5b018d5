import { expect } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import type { PageShape } from '../../src/search-index/json-page.ts'
import type { KernelMode } from '../../src/search-index/kernels/kernels.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { fromSnapshot, snapshotOf } from '../support/index-snapshot.ts'

/** Both implementations of the kernels; they must give the same results. */
export const KERNEL_MODES = ['plain', 'wasm'] as const

export function indexOf(resources: Iterable<IndexedResource>, kernels: KernelMode = 'plain'): TagIndex {
  const index = new TagIndex({ kernels, seed: 1 })
  for (const resource of resources) index.put(resource)
  return index
}

/** The index after a round trip through a snapshot. */
export function restored(index: TagIndex, kernels: KernelMode): TagIndex {
  return fromSnapshot(snapshotOf(index), kernels)
}

/** A shape with every part of a resource, which renders the detail differently from how it is stored. */
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

/** The expected JSON of a resource in `SHAPE`. */
export function shown({ id, name, detail, tags }: IndexedResource): string {
  return JSON.stringify({ id, name, detail: [detail], tags })
}

export type PagedQuery = { readonly query: TagQuery; readonly offset: number; readonly limit: number }

const NO_LIMIT = Number.MAX_SAFE_INTEGER

/** Expects an index to find what `matches` finds in a list of resources in order of creation, and the same page of it. */
export function expectFound(
  index: TagIndex,
  model: readonly IndexedResource[],
  { query, offset, limit }: PagedQuery,
): void {
  const expected = model.filter((resource) => matches(resource, query))
  const ids = expected.map(({ id }) => id)
  const all = index.find(query, 0, NO_LIMIT)
  const actual = {
    query,
    counts: [index.count(query), all.total],
    ids: Array.from(all.slots, (slot) => index.at(slot).id),
  }
  if (actual.ids.join() !== ids.join() || actual.counts.join() !== `${ids.length},${ids.length}`) {
    expect(actual).toEqual({ query, counts: [ids.length, ids.length], ids })
  }
  expectPage(index, expected, { query, offset, limit })
}

/** Expects a page of the matching resources, as slots and as JSON. */
export function expectPage(
  index: TagIndex,
  matching: readonly IndexedResource[],
  { query, offset, limit }: PagedQuery,
): void {
  const page = matching.slice(offset, offset + limit)
  const found = index.find(query, offset, limit)
  expect({ query, offset, limit, total: found.total }).toEqual({ query, offset, limit, total: matching.length })
  expect(Array.from(found.slots, (slot) => index.at(slot))).toEqual(page)
  const { total, json } = index.findJson(query, offset, limit, SHAPE)
  expect(total).toBe(matching.length)
  expect(Buffer.from(json).toString()).toBe(page.map(shown).join())
}
