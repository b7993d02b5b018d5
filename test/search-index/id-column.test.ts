import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdColumn } from '../../src/search-index/id-column.ts'
import { ID_KIND } from '../../src/search-index/kernels/abi.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { anyText } from './any-text.ts'
import { KERNEL_MODES } from './indexes.ts'

const digits = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((all) => all.join(''))
const dashed = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
/** Ids of each kind, and ids that resemble one of another kind. */
const anyId = fc.oneof(
  digits.map(dashed),
  digits.map((hex) => `${hex}in07`),
  digits.map((hex) => dashed(hex).toUpperCase()),
  digits.map((hex) => `${hex}in08`),
  digits,
  anyText,
)

const UUID = '00112233-4455-6677-8899-aabbccddeeff'
const KINDS = [
  [UUID, ID_KIND.uuid],
  ['00112233445566778899aabbccddeeffin07', ID_KIND.in07],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', ID_KIND.uuid],
  ['00000000-0000-0000-0000-000000000000', ID_KIND.uuid],
  ['00000000000000000000000000000000in07', ID_KIND.in07],
  ['00112233-4455-6677-8899-AABBCCDDEEFF', ID_KIND.text],
  ['00112233445566778899AABBCCDDEEFFin07', ID_KIND.text],
  ['00112233445566778899aabbccddeeffin08', ID_KIND.text],
  ['001122334-455-6677-8899-aabbccddeeff', ID_KIND.text],
  ['00112233445566778899aabbccddeeff', ID_KIND.text],
  [`${UUID} `, ID_KIND.text],
  [`${UUID}\n`, ID_KIND.text],
  [`${UUID.slice(1)}\n`, ID_KIND.text],
  ['', ID_KIND.text],
  ['__proto__', ID_KIND.text],
  ['"\\\n标签\ud800', ID_KIND.text],
  ['\ufeff', ID_KIND.text],
] as const

describe.each(KERNEL_MODES)('IdColumn with %s kernels', (mode) => {
  it('ids of all kinds are found and read, and equal digits in different forms are different ids', () => {
    const ids = new IdColumn(new Arena(mode), 7)
    for (const [id] of KINDS) {
      expect(ids.find(id)).toBe(-1)
      ids.push(id)
    }
    expect(KINDS.map((_, slot) => ids.read(slot))).toEqual(KINDS.map(([id]) => id))
    expect(KINDS.map(([id]) => ids.find(id))).toEqual(KINDS.map((_, slot) => slot))
    expect(KINDS.map((_, slot) => ids.kinds.get(slot))).toEqual(KINDS.map(([, kind]) => kind))
    expect(ids.find('00112233-4455-6677-8899-aabbccddeefe')).toBe(-1)
  })

  it('after any changes ids are found as in a map', () => {
    const operation = fc.tuple(anyId, fc.constantFrom('push', 'push', 'clear'), fc.nat(2 ** 20))
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 150, size: 'max' }), (operations) => {
        const ids = new IdColumn(new Arena(mode), 1)
        const model = new Map<string, number>()
        let slots = 0
        for (const [id, kind, choice] of operations) {
          if (kind === 'push') {
            if (model.has(id)) continue
            ids.push(id)
            model.set(id, slots++)
          } else if (model.size > 0) {
            const [gone, slot] = [...model][choice % model.size] as [string, number]
            ids.clear(slot)
            model.delete(gone)
            expect(ids.find(gone)).toBe(-1)
          }
        }
        for (const [id, slot] of model) expect([ids.find(id), ids.read(slot)]).toEqual([slot, id])
        for (const [id] of operations) expect(ids.find(id)).toBe(model.get(id) ?? -1)
      }),
      { numRuns: 60 },
    )
  })
})

it('a removed id can be added again, in another slot', () => {
  const ids = new IdColumn(new Arena('plain'), 0)
  for (const id of [UUID, 'text']) ids.push(id)
  ids.clear(0)
  ids.clear(1)
  expect([ids.find(UUID), ids.find('text')]).toEqual([-1, -1])
  for (const id of ['text', UUID]) ids.push(id)
  expect([ids.find(UUID), ids.find('text')]).toEqual([3, 2])
})

it('a restored id column finds and adds ids like the original', () => {
  const arena = new Arena('plain')
  const ids = new IdColumn(arena, 3)
  for (let n = 0; n < 3000; n++) ids.push(n % 2 === 0 ? `${n.toString(16).padStart(32, '0')}in07` : `id-${n}`)
  const other = new IdColumn(arena, 3)
  other.restore(ids.state())
  expect([other.find('id-2999'), other.read(2998)]).toEqual([2999, `${(2998).toString(16).padStart(32, '0')}in07`])
  other.push(UUID)
  expect(other.find(UUID)).toBe(3000)
})
