import { beforeEach, describe, expect, it } from 'vitest'
import { clientNetwork } from '../../src/iam/client-network.ts'
import { Lockout } from '../../src/iam/lockout.ts'

let nowMs: number
let lockout: Lockout
beforeEach(() => {
  nowMs = 0
  lockout = new Lockout(() => nowMs, { failuresMax: 5, lockedMs: 300_000 })
})

const fail = (times: number, name = 'a') => {
  for (let i = 0; i < times; i++) lockout.failed(name)
}

describe('Lockout', () => {
  it('a name is locked at the maximum of failures, for the configured time', () => {
    fail(4)
    expect(lockout.secondsLeft('a')).toBe(0)
    fail(1)
    expect(lockout.secondsLeft('a')).toBe(300)
    nowMs = 299_999
    expect(lockout.secondsLeft('a')).toBe(1)
    nowMs = 300_000
    expect(lockout.secondsLeft('a')).toBe(0)
  })

  it('a lock and a success reset the count of failures', () => {
    fail(5)
    nowMs = 300_000
    fail(4)
    expect(lockout.secondsLeft('a')).toBe(0)
    lockout.succeeded('a')
    fail(4)
    expect(lockout.secondsLeft('a')).toBe(0)
  })

  it('names are counted separately', () => {
    fail(5)
    fail(4, 'b')
    expect(['a', 'b', 'c'].map((name) => lockout.secondsLeft(name) > 0)).toEqual([true, false, false])
  })

  it('the counter without a failure for the longest time is evicted at ten thousand', () => {
    fail(5, 'first')
    fail(5, 'second')
    for (let i = 0; i < 9_998; i++) fail(1, `k${i}`)
    expect(lockout.secondsLeft('first')).toBe(300)
    // Another failure makes it the newest entry.
    lockout.failed('first')
    fail(1, 'one more')
    expect(['first', 'second'].map((name) => lockout.secondsLeft(name))).toEqual([300, 0])
  })
})

describe('clientNetwork', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('address %j belongs to the client network %j', (address, network) => {
    expect(clientNetwork(address)).toBe(network)
  })
})
