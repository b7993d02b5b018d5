import { expect, it } from 'vitest'
import type { Output } from '../../src/cli/io.ts'
import { RowProgress } from '../../src/cli/row-progress.ts'
import { collector } from './run.ts'

/** The progress shown after some milliseconds of work. */
function shownAt(milliseconds: number, isTerminal = true): string {
  const stream = collector(isTerminal)
  let nowMs = 1000
  const progress = new RowProgress(stream as Output, () => nowMs)
  nowMs += milliseconds
  progress.update(50, 100)
  const shown = stream.text
  progress.update(60, 100)
  progress.stop()
  return shown
}

it('the bar appears on a terminal after two seconds', () => {
  expect(shownAt(2000)).toBe('')
  expect(shownAt(2001)).toContain('50%')
})

it('no bar appears outside of a terminal', () => {
  expect(shownAt(60_000, false)).toBe('')
})

it('without a total only the count appears', () => {
  const stream = collector(true)
  let nowMs = 1000
  const progress = new RowProgress(stream as Output, () => nowMs)
  nowMs += 2001
  progress.update(50, undefined)
  progress.stop()
  expect(stream.text).toContain('50 resources | ')
  expect(stream.text).not.toContain('%')
})
