import { beforeEach, describe, expect, it } from 'vitest'
import { SignatureGate } from '../../src/server/signature-gate.ts'

// Five failures in a row keep an access key out for five minutes (contract 6.3).

let nowMs: number
let gate: SignatureGate
beforeEach(() => {
  nowMs = 0
  gate = new SignatureGate(() => nowMs, false)
})

const fail = (times: number, key = 'a') => {
  for (let i = 0; i < times; i++) gate.failed(key)
}

describe('SignatureGate', () => {
  it('locks at the fifth failure, for five minutes', () => {
    fail(4)
    expect(gate.isLocked('a')).toBe(false)
    fail(1)
    expect(gate.isLocked('a')).toBe(true)
    nowMs = 299_999
    expect(gate.isLocked('a')).toBe(true)
    nowMs = 300_000
    expect(gate.isLocked('a')).toBe(false)
  })

  it('counts anew after a lock and after a success', () => {
    fail(5)
    nowMs = 300_000
    fail(4)
    expect(gate.isLocked('a')).toBe(false)
    gate.succeeded('a')
    fail(4)
    expect(gate.isLocked('a')).toBe(false)
  })

  it('keeps keys apart', () => {
    fail(5)
    fail(4, 'b')
    expect(['a', 'b', 'c'].map((key) => gate.isLocked(key))).toEqual([true, false, false])
  })

  it('remembers the ten thousand keys that failed last', () => {
    fail(5, 'first')
    fail(5, 'second')
    for (let i = 0; i < 9_998; i++) fail(1, `k${i}`)
    expect(gate.isLocked('first')).toBe(true)
    // It fails again, and so becomes one of the last.
    gate.failed('first')
    fail(1, 'one more')
    expect(['first', 'second'].map((key) => gate.isLocked(key))).toEqual([true, false])
  })

  it('reads a path in one way, or in three', () => {
    expect(gate.readings).toEqual(['documented'])
    expect(new SignatureGate(() => 0, true).readings).toEqual(['documented', 'literal', 'legacy-url'])
  })
})
