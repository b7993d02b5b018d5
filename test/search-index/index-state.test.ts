import { expect, it } from 'vitest'
import { type IndexState, IndexStorage } from '../../src/search-index/index-state.ts'

function filled(): IndexStorage {
  const parts = new IndexStorage('plain', 42)
  parts.dictionary.addBuiltInTerms()
  for (let slot = 0; slot < 3000; slot++) {
    parts.ids.push(`id-${slot}`)
    parts.names.push(`名-${slot}`)
    parts.detailOf.push(parts.details.acquire(`{"n":${slot % 7}}`))
    const pairs = [parts.dictionary.assign(slot, 'k', String(slot % 50)), parts.dictionary.assign(slot, 'l', '')]
    const run = parts.arena.alloc(8)
    parts.arena.u32.set(pairs, run >>> 2)
    parts.tagLists.push(run)
    parts.tagCounts.push(slot % 3)
    parts.sequences.push(slot + 0.5)
    parts.createdAtMs.push(slot * 1e10)
    parts.updatedAtMs.push(-slot)
  }
  parts.size = 2999
  parts.isChronological = false
  return parts
}

it('gives the pairs of a slot, as many as it has', () => {
  const parts = filled()
  expect(parts.slotCount).toBe(3000)
  const tagsOf = (slot: number) => Array.from(parts.pairsOf(slot), (pair) => parts.dictionary.tag(pair))
  expect([tagsOf(51), tagsOf(52), tagsOf(53)]).toEqual([
    [],
    [{ key: 'k', value: '2' }],
    [
      { key: 'k', value: '3' },
      { key: 'l', value: '' },
    ],
  ])
})

it('is all there again from its state and the bytes of its arena', () => {
  const parts = filled()
  const state = JSON.parse(JSON.stringify(parts.state())) as IndexState
  const copy = new IndexStorage('plain', state.seed)
  copy.restore(state)
  copy.arena.u8.set(parts.arena.u8.subarray(0, parts.arena.top))
  expect(copy.state()).toEqual(parts.state())
  expect([copy.seed, copy.size, copy.isChronological, copy.slotCount]).toEqual([42, 2999, false, 3000])
  for (const slot of [0, 1, 2047, 2999]) {
    const read = ({ ids, names, details, detailOf, sequences, createdAtMs, updatedAtMs }: IndexStorage) => [
      ...[ids.read(slot), names.read(slot), details.read(detailOf.get(slot))],
      ...[sequences.get(slot), createdAtMs.get(slot), updatedAtMs.get(slot)],
    ]
    expect(read(copy)).toEqual(read(parts))
    expect([...copy.pairsOf(slot)]).toEqual([...parts.pairsOf(slot)])
    expect(copy.ids.find(`id-${slot}`)).toBe(slot)
  }
  expect(copy.dictionary.inUse.page(0, 9)).toEqual(parts.dictionary.inUse.page(0, 9))
})
