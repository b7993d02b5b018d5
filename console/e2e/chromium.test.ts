import { expect, it } from 'vitest'
import { findChromium, mustRun, whySkipped } from './support/chromium.ts'

it('a browser that the variable names is used, and refused by its name when it does not exist', () => {
  expect(findChromium(process.execPath)).toBe(process.execPath)
  expect(() => findChromium('/nowhere/chromium')).toThrow(
    'TAGWERK_TEST_CHROMIUM names a file that does not exist: /nowhere/chromium',
  )
})

it('with a browser no test is skipped', () => {
  expect(whySkipped({ TAGWERK_TEST_CHROMIUM: process.execPath })).toBeUndefined()
})

it('a skipped test counts as a failed one in CI only', () => {
  expect([{ CI: 'true' }, { CI: '1' }].map(mustRun)).toEqual([true, true])
  expect([{}, { CI: '' }, { CI: 'false' }, { CI: '0' }].map(mustRun)).toEqual([false, false, false, false])
})
