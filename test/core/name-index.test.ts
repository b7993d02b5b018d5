import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NameIndex, type NameLookUp } from '../../src/core/name-index.ts'
import { foldCase } from '../../src/core/text.ts'

const UNITS = ['a', 'A', 'b', 'σ', 'ς', 'ß', '-', '标', '\u{1f600}', '\u{1f601}', '\u{10428}']
const name = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 7 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
)

const ascending = (slots: Iterable<number>) => [...slots].sort((a, b) => a - b)

/** The slots that are in all the unions of a look-up. */
function slotsOf({ needs }: NameLookUp): number[] {
  const unions = needs.map((postings) => new Set(postings.flatMap((posting) => [...posting.slots()])))
  const [first = new Set<number>(), ...others] = unions
  return ascending(others.reduce((left, union) => left.intersection(union), first))
}

/** What a search makes of a look-up: the slots, each checked where the look-up does not settle it. */
function find(index: NameIndex, text: string): number[] {
  const lookUp = index.lookUpPart(text)
  return slotsOf(lookUp).filter((slot) => lookUp.isExact || index.foldedName(slot).includes(text))
}

describe('NameIndex', () => {
  it('finds what a scan over all names finds, after any changes', () => {
    const operation = fc.record({ kind: fc.constantFrom('open', 'open', 'rename', 'close'), at: fc.nat(1000), name })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), fc.array(name, { maxLength: 8 }), (operations, texts) => {
        const index = new NameIndex()
        const names: (string | undefined)[] = []
        for (const { kind, at, name } of operations) {
          const live = [...names.keys()].filter((slot) => names[slot] !== undefined)
          const slot = live[at % Math.max(1, live.length)]
          if (kind === 'open') {
            index.open(names.length, name)
            names.push(name)
          } else if (slot !== undefined && kind === 'rename') {
            index.close(slot)
            index.open(slot, name)
            names[slot] = name
          } else if (slot !== undefined) {
            index.close(slot)
            names[slot] = undefined
          }
        }
        const live = [...names.entries()].filter((entry): entry is [number, string] => entry[1] !== undefined)
        for (const [slot, each] of live) expect(index.foldedName(slot)).toBe(foldCase(each))

        // Parts of the names of every length, and texts that may be nowhere.
        const parts = live.flatMap(([, each]) => {
          const characters = [...each]
          return characters.flatMap((_, start) => [1, 2, 3, 4].map((length) => characters.slice(start, start + length)))
        })
        for (const text of new Set([...texts, ...UNITS, ...parts.map((part) => part.join(''))])) {
          const needle = foldCase(text)
          const whole = live.filter(([, each]) => foldCase(each) === needle).map(([slot]) => slot)
          const candidates = slotsOf(index.lookUpWhole(needle))
          expect(candidates.filter((slot) => index.foldedName(slot) === needle)).toEqual(whole)
          if (needle === '') continue
          const containing = live.filter(([, each]) => foldCase(each).includes(needle)).map(([slot]) => slot)
          expect([needle, find(index, needle)]).toEqual([needle, containing])
        }
      }),
    )
  })

  function indexOf(...names: string[]): NameIndex {
    const index = new NameIndex()
    for (const [slot, each] of names.entries()) index.open(slot, each)
    return index
  }

  it('finds texts of one, two, three and more units', () => {
    const index = indexOf('a', 'ab', 'abc', 'abcd', 'xabcdx', '')
    expect(find(index, 'A')).toEqual([0, 1, 2, 3, 4])
    expect(find(index, 'AB')).toEqual([1, 2, 3, 4])
    expect(find(index, 'ABC')).toEqual([2, 3, 4])
    expect(find(index, 'ABCD')).toEqual([3, 4])
    expect(find(index, 'BCDX')).toEqual([4])
    expect(find(index, 'ABCDE')).toEqual([])
    expect(find(index, 'ZZZ')).toEqual([])
    expect(find(index, 'Z')).toEqual([])
  })

  it('leaves to be checked whether the grams of a text stand together', () => {
    const index = indexOf('abcxbcd', 'abcd')
    expect(index.lookUpPart('ABCD').isExact).toBe(false)
    expect(slotsOf(index.lookUpPart('ABCD'))).toEqual([0, 1])
    expect(find(index, 'ABCD')).toEqual([1])
  })

  it('settles by itself a text that is one gram or shorter', () => {
    const index = indexOf('abcxbcd', 'abcd', 'a')
    expect(['ABC', 'BC', 'A'].map((text) => index.lookUpPart(text).isExact)).toEqual([true, true, true])
    expect(['ABC', 'BC', 'A'].map((text) => slotsOf(index.lookUpPart(text)))).toEqual([
      [0, 1],
      [0, 1],
      [0, 1, 2],
    ])
  })

  it('tells grams apart whose units do not fit into a small number', () => {
    const index = indexOf('标签一', '标签二', 'a标签')
    expect(find(index, '标签一')).toEqual([0])
    expect(find(index, '签二')).toEqual([1])
    expect(find(index, 'A标签')).toEqual([2])
  })

  it('forgets a closed slot, and takes it again under another name', () => {
    const index = indexOf('one', 'one', 'two', 'x')
    index.close(0)
    expect(find(index, 'ONE')).toEqual([1])
    index.close(1)
    expect(find(index, 'ONE')).toEqual([])
    expect(index.lookUpPart('ONE').needs).toEqual([[]])
    index.open(1, 'TWOS')
    expect(find(index, 'TWO')).toEqual([1, 2])
    index.close(3)
    expect(find(index, 'X')).toEqual([])
  })

  it('knows no whole name that was never borne', () => {
    expect(slotsOf(indexOf('one').lookUpWhole('ON'))).toEqual([])
    expect(slotsOf(indexOf('one').lookUpWhole('NONE'))).toEqual([])
  })
})
