import { beforeEach, describe, expect, it } from 'vitest'
import { LoginGate } from '../../src/iam/login-gate.ts'

let gate: LoginGate
/** Running checks by address, with the function that ends each. */
let started: [address: string, end: () => void][]
let refused: string[]

beforeEach(() => {
  gate = new LoginGate()
  started = []
  refused = []
})

function pass(address: string): void {
  const check = () => new Promise<void>((end) => started.push([address, end]))
  gate.pass(address, check).catch((error) => refused.push(`${address} ${error.code}`))
}

const passOften = (address: string, times: number) => {
  for (let i = 0; i < times; i++) pass(address)
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Ends checks one after the other and gives the addresses of the checks that were started then, in order. */
async function servedNext(count: number): Promise<string[]> {
  const before = started.length
  for (let i = 0; i < count; i++) {
    started[i]?.[1]()
    await settle()
  }
  return started.slice(before).map(([address]) => address)
}

describe('LoginGate', () => {
  it('the gate runs three checks at a time and serves client networks round-robin', async () => {
    passOften('10.0.0.1', 6)
    passOften('10.0.0.2', 2)
    pass('10.0.0.3')
    await settle()
    expect(started.map(([address]) => address)).toEqual(['10.0.0.1', '10.0.0.1', '10.0.0.1'])
    expect(await servedNext(6)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.1', '10.0.0.2', '10.0.0.1'])
  })

  it('sixteen checks of one client network can wait, from whatever addresses of it', async () => {
    for (let i = 0; i < 20; i++) pass(`2001:db8::${i}`)
    await settle()
    expect(refused).toHaveLength(20 - 3 - 16)
  })

  it('a full gate evicts a waiter of the longest queue for a newcomer with a shorter one', async () => {
    for (const n of [1, 2, 3, 4, 5]) passOften(`10.0.0.${n}`, 16)
    await settle()
    // Of 80, three run and 64 wait.
    expect(refused).toHaveLength(80 - 3 - 64)
    pass('10.9.9.9')
    await settle()
    expect(refused).toHaveLength(80 - 3 - 64 + 1)
    expect(refused.some((one) => one.startsWith('10.9.9.9'))).toBe(false)
    expect(await servedNext(7)).toContain('10.9.9.9')
  })

  it('a full gate refuses newcomers when every client network has one waiter', async () => {
    for (let n = 0; n < 70; n++) pass(`10.0.1.${n}`)
    await settle()
    expect(refused).toEqual(['10.0.1.67 overloaded', '10.0.1.68 overloaded', '10.0.1.69 overloaded'])
  })

  it('the gate is free again after all checks have run', async () => {
    passOften('10.0.0.1', 10)
    await settle()
    await servedNext(10)
    started = []
    passOften('10.0.0.2', 3)
    await settle()
    expect(started).toHaveLength(3)
  })
})
