import { describe, expect, it } from 'vitest'
import { extended, stateOf, toggled } from '../../console/src/ui/table-selection.ts'

const IDS = ['a', 'b', 'c', 'd', 'e']
const ids = (set: ReadonlySet<string>) => [...set].toSorted()

describe('the selection of a table', () => {
  it('gets a row, and loses it again', () => {
    const one = toggled(IDS, new Set(['a']), 'c')
    expect(ids(one)).toEqual(['a', 'c'])
    expect(ids(toggled(IDS, one, 'a'))).toEqual(['c'])
  })

  it('of all loses one row of those that are loaded', () => {
    expect(ids(toggled(IDS, 'all', 'b'))).toEqual(['a', 'c', 'd', 'e'])
  })

  it('reaches from a row to another in either direction, and shrinks when it turns back', () => {
    const down = extended(IDS, new Set(['b']), 'b', 'b', 'd')
    expect(ids(down)).toEqual(['b', 'c', 'd'])
    expect(ids(extended(IDS, down, 'b', 'd', 'a'))).toEqual(['a', 'b'])
  })

  it('keeps the rows that its reach has never touched', () => {
    expect(ids(extended(IDS, new Set(['a', 'd']), 'd', 'd', 'e'))).toEqual(['a', 'd', 'e'])
  })

  it('reaches from a row that is gone as from the last one', () => {
    expect(ids(extended(IDS, new Set(['gone']), 'gone', 'gone', 'c'))).toEqual(['c', 'gone'])
  })

  it('is none, some or all of the rows', () => {
    expect(stateOf(IDS, new Set())).toBe('none')
    expect(stateOf(IDS, new Set(['a']))).toBe('some')
    expect(stateOf(IDS, new Set(IDS))).toBe('all')
    expect(stateOf(IDS, 'all')).toBe('all')
  })
})
