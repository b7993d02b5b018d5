import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatFor } from '../../console/src/text/format-for.ts'

// Numbers and times as the console writes them.

describe('a reader in the west of UTC', () => {
  const zone = process.env.TZ
  beforeEach(() => {
    process.env.TZ = 'America/New_York'
  })
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('sees a time on the day that it has there', () => {
    expect(formatFor('en').day('2020-11-24T01:00:00Z')).toBe('23 Nov 2020')
    expect(formatFor('zh-CN').day('2020-11-24T01:00:00Z')).toBe('2020年11月23日')
  })

  it('sees a day without a time as it is', () => {
    expect(formatFor('en').day('2020-11-24')).toBe('24 Nov 2020')
    expect(formatFor('zh-CN').day('2020-11-24')).toBe('2020年11月24日')
  })
})
