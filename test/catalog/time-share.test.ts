import { describe, expect, it } from 'vitest'
import { TimeShare } from '../../src/catalog/time-share.ts'

describe('a share of the time', () => {
  it('rests only when work took more than its burst', () => {
    const share = new TimeShare(10)
    share.charge(1000, 10, 0.5)
    expect(share.restEndMs(0.5)).toBe(1000)
    share.charge(1000, 1, 0.5)
    expect(share.restEndMs(0.5)).toBe(1002)
  })

  it('is caught up after a pause, in which nothing more than the burst is saved', () => {
    const share = new TimeShare(10)
    share.charge(0, 10, 0.25)
    expect([share.usedMs(0, 0.25), share.usedMs(20, 0.25), share.usedMs(41, 0.25)]).toEqual([10, 5, 0])
    share.charge(1_000_000, 10, 0.25)
    expect(share.restEndMs(0.25)).toBe(1_000_000)
  })

  it('never rests with the whole time', () => {
    const share = new TimeShare(0)
    for (let atMs = 0; atMs < 100; atMs += 10) share.charge(atMs, 10, 1)
    expect(share.restEndMs(1)).toBe(100)
  })
})
