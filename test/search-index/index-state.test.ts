import { expect, it } from 'vitest'
import { type IndexState, IndexStorage } from '../../src/search-index/index-state.ts'

function filled(): IndexStorage {
  const storage = new IndexStorage('plain', 42)
  storage.dictionary.addBuiltInTerms()
  for (let slot = 0; slot < 3000; slot++) {
    storage.ids.push(`id-${slot}`)
    storage.names.push(`名-${slot}`)
    storage.detailOf.push(storage.details.acquire(`{"n":${slot % 7}}`))
    const pairs = [storage.dictionary.assign(slot, 'k', String(slot % 50)), storage.dictionary.assign(slot, 'l', '')]
    const list = storage.arena.alloc(8)
    storage.arena.u32.set(pairs, list >>> 2)
    storage.tagLists.push(list)
    storage.tagCounts.push(slot % 3)
    storage.sequences.push(slot + 0.5)
    storage.createdAtMs.push(slot * 1e10)
    storage.updatedAtMs.push(-slot)
  }
  storage.size = 2999
  storage.isChronological = false
  return storage
}

it('pairsOf returns as many pairs as the tag count of the slot', () => {
  const storage = filled()
  expect(storage.slotCount).toBe(3000)
  const tagsOf = (slot: number) => Array.from(storage.pairsOf(slot), (pair) => storage.dictionary.tag(pair))
  expect([tagsOf(51), tagsOf(52), tagsOf(53)]).toEqual([
    [],
    [{ key: 'k', value: '2' }],
    [
      { key: 'k', value: '3' },
      { key: 'l', value: '' },
    ],
  ])
})

it('the storage is restored completely from its serialized state and the bytes of its arena', () => {
  const storage = filled()
  const state = JSON.parse(JSON.stringify(storage.state())) as IndexState
  const copy = new IndexStorage('plain', state.seed)
  copy.restore(state)
  copy.arena.u8.set(storage.arena.u8.subarray(0, storage.arena.top))
  expect(copy.state()).toEqual(storage.state())
  expect([copy.seed, copy.size, copy.isChronological, copy.slotCount]).toEqual([42, 2999, false, 3000])
  for (const slot of [0, 1, 2047, 2999]) {
    const read = ({ ids, names, details, detailOf, sequences, createdAtMs, updatedAtMs }: IndexStorage) => [
      ids.read(slot),
      names.read(slot),
      details.read(detailOf.get(slot)),
      sequences.get(slot),
      createdAtMs.get(slot),
      updatedAtMs.get(slot),
    ]
    expect(read(copy)).toEqual(read(storage))
    expect([...copy.pairsOf(slot)]).toEqual([...storage.pairsOf(slot)])
    expect(copy.ids.find(`id-${slot}`)).toBe(slot)
  }
  expect(copy.dictionary.inUse.page(0, 9)).toEqual(storage.dictionary.inUse.page(0, 9))
})
