import { beforeEach, describe, expect, it } from 'vitest'
import { SignatureGate } from '../../src/iam/signature-gate.ts'

// Five failures in a row keep an access key out for five minutes (contract 6.3).

let nowMs: number
let gate: SignatureGate
beforeEach(() => {
  nowMs = 0
  gate = new SignatureGate(
    () => nowMs,
    () => nowMs,
    false,
  )
})

describe('SignatureGate', () => {
  it('the fifth consecutive failure locks the key for five minutes for that client network', () => {
    for (let i = 0; i < 4; i++) gate.failed('a', '10.0.0.1')
    expect(gate.secondsLeft('a', '10.0.0.1')).toBe(0)
    gate.failed('a', '10.0.0.1')
    expect(gate.secondsLeft('a', '10.0.0.1')).toBe(300)
    expect([gate.secondsLeft('a', '10.0.0.2'), gate.secondsLeft('b', '10.0.0.1')]).toEqual([0, 0])
    nowMs = 300_000
    expect(gate.secondsLeft('a', '10.0.0.1')).toBe(0)
  })

  it('a success resets the count of failures', () => {
    for (let i = 0; i < 4; i++) gate.failed('a', 'x')
    gate.succeeded('a', 'x')
    for (let i = 0; i < 4; i++) gate.failed('a', 'x')
    expect(gate.secondsLeft('a', 'x')).toBe(0)
  })

  it('one path reading is accepted by default, and three when signatures are loose', () => {
    expect(gate.readings).toEqual(['documented'])
    expect(
      new SignatureGate(
        () => 0,
        () => 0,
        true,
      ).readings,
    ).toEqual(['documented', 'literal', 'legacy-url'])
  })
})
