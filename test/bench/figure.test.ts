import { describe, expect, it } from 'vitest'
import { allFloorsMet, type Figure, sizeText, tableOf, timeText } from '../../bench/report/figure.ts'
import { resultsBlock } from '../../bench/report/readme.ts'
import { TARGETS } from '../../bench/report/targets.ts'

const figure = (target: Figure['target'], value: number): Figure => ({
  ...(target === undefined ? {} : { target }),
  what: 'something',
  size: 1_000_000,
  value,
  spread: [value / 2, value * 2],
  measured: 'as measured',
})

function metOf(one: Figure): string {
  return tableOf([one]).split('\n')[2]?.split('|').at(-2)?.trim() ?? ''
}

describe('the table of figures', () => {
  it('the table shows whether a lower-is-better value meets the goal, the floor or neither', () => {
    expect(metOf(figure('P1', 15))).toBe('goal')
    expect(metOf(figure('P1', 25))).toBe('floor')
    expect(metOf(figure('P1', 25.1))).toBe('NO')
  })

  it('the table shows whether a higher-is-better value meets the goal, the floor or neither', () => {
    expect(metOf(figure('P4', 0.5))).toBe('goal')
    expect(metOf(figure('P4', 0.3))).toBe('floor')
    expect(metOf(figure('P4', 0.29))).toBe('NO')
    expect(metOf(figure(undefined, 1))).toBe('')
  })

  it('the bounds and the spread of a figure are in the unit of its target', () => {
    expect(tableOf([figure('P2', 2000)])).toContain('<= 3 ms')
    expect(tableOf([figure('P2', 2000)])).toContain('1..4')
  })

  it('allFloorsMet is false when one figure misses its floor', () => {
    expect(allFloorsMet([figure('P1', 1), figure(undefined, 1e9)])).toBe(true)
    expect(allFloorsMet([figure('P1', 1), figure('P2', 1e9)])).toBe(false)
  })

  it('no target has a goal that is easier than its floor', () => {
    for (const { floor, goal, better } of Object.values(TARGETS)) {
      expect(better === 'lower' ? goal <= floor : goal >= floor).toBe(true)
    }
  })

  it('sizes and times are formatted with units', () => {
    expect([10_000, 1_000_000, 4_000_000, 500].map(sizeText)).toEqual(['10 k', '1 M', '4 M', '500'])
    expect([1.234, 1500, 2_500_000].map(timeText)).toEqual(['1.23 us', '1.5 ms', '2.5 s'])
  })
})

describe('the results in the README', () => {
  const machine = { cpu: 'a cpu', cores: 2, memoryGiB: 4, system: 'a system', node: 'v24', commit: 'abc' }
  const result = { name: 'index', at: '2026-01-02T03:04:05Z', isQuick: false, seconds: 9, machine }

  it('figures with targets come first in the order of targets, then the other figures of each case', () => {
    const block = resultsBlock([{ ...result, figures: [figure('P10', 1), figure('P2', 1), figure(undefined, 1)] }])
    expect(block.indexOf('| P2')).toBeLessThan(block.indexOf('| P10'))
    expect(block).toContain('### index')
    expect(block).toContain('2026-01-02 03:04 UTC')
    expect(block).not.toContain('quick run')
  })

  it('the results of a quick run have a warning', () => {
    expect(resultsBlock([{ ...result, isQuick: true, figures: [] }])).toContain('quick run')
  })
})
