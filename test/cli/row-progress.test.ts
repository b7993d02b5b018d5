import { expect, it } from 'vitest'
import type { Output } from '../../src/cli/io.ts'
import { RowProgress } from '../../src/cli/row-progress.ts'
import { collector } from './run.ts'

/** What is shown on a stream when some rows of 100 are done after so many milliseconds. */
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

it('shows a bar on a terminal, from two seconds on', () => {
  expect(shownAt(2000)).toBe('')
  expect(shownAt(2001)).toContain('50%')
})

it('shows nothing elsewhere', () => {
  expect(shownAt(60_000, false)).toBe('')
})
