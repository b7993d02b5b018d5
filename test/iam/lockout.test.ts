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
  it('locks at the last failure, for as long as it says', () => {
    fail(4)
    expect(lockout.secondsLeft('a')).toBe(0)
    fail(1)
    expect(lockout.secondsLeft('a')).toBe(300)
    nowMs = 299_999
    expect(lockout.secondsLeft('a')).toBe(1)
    nowMs = 300_000
    expect(lockout.secondsLeft('a')).toBe(0)
  })

  it('counts anew after a lock and after a success', () => {
    fail(5)
    nowMs = 300_000
    fail(4)
    expect(lockout.secondsLeft('a')).toBe(0)
    lockout.succeeded('a')
    fail(4)
    expect(lockout.secondsLeft('a')).toBe(0)
  })

  it('keeps names apart', () => {
    fail(5)
    fail(4, 'b')
    expect(['a', 'b', 'c'].map((name) => lockout.secondsLeft(name) > 0)).toEqual([true, false, false])
  })

  it('remembers the ten thousand names that failed last', () => {
    fail(5, 'first')
    fail(5, 'second')
    for (let i = 0; i < 9_998; i++) fail(1, `k${i}`)
    expect(lockout.secondsLeft('first')).toBe(300)
    // It fails again, and so becomes one of the last.
    lockout.failed('first')
    fail(1, 'one more')
    expect(['first', 'second'].map((name) => lockout.secondsLeft(name))).toEqual([300, 0])
  })
})

describe('the origin of an address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%s is of %s', (address, origin) => {
    expect(clientNetwork(address)).toBe(origin)
  })
})
