import { beforeEach, describe, expect, it } from 'vitest'
import { LoginGate } from '../../src/iam/login-gate.ts'

let gate: LoginGate
/** Checks that were started, by address; calling one ends it. */
let started: [address: string, end: () => void][]
let refused: string[]

beforeEach(() => {
  gate = new LoginGate()
  started = []
  refused = []
})

function knock(address: string): void {
  const check = () => new Promise<void>((end) => started.push([address, end]))
  gate.pass(address, check).catch((error) => refused.push(`${address} ${error.code}`))
}

const knockOften = (address: string, times: number) => {
  for (let i = 0; i < times; i++) knock(address)
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Ends one check after the other, and gives who came in then, in order. */
async function servedAfterwards(count: number): Promise<string[]> {
  const before = started.length
  for (let i = 0; i < count; i++) {
    started[i]?.[1]()
    await settle()
  }
  return started.slice(before).map(([address]) => address)
}

describe('LoginGate', () => {
  it('runs three at a time, and origins take turns', async () => {
    knockOften('10.0.0.1', 6)
    knockOften('10.0.0.2', 2)
    knock('10.0.0.3')
    await settle()
    expect(started.map(([address]) => address)).toEqual(['10.0.0.1', '10.0.0.1', '10.0.0.1'])
    expect(await servedAfterwards(6)).toEqual([
      ...['10.0.0.1', '10.0.0.2', '10.0.0.3'],
      ...['10.0.0.1', '10.0.0.2', '10.0.0.1'],
    ])
  })

  it('lets sixteen of one origin wait, however many addresses of its network it uses', async () => {
    for (let i = 0; i < 20; i++) knock(`2001:db8::${i}`)
    await settle()
    expect(refused).toHaveLength(20 - 3 - 16)
  })

  it('takes a place from the origin with the most waiters for one that has few', async () => {
    for (const n of [1, 2, 3, 4, 5]) knockOften(`10.0.0.${n}`, 16)
    await settle()
    // Of 80, three run and 64 wait.
    expect(refused).toHaveLength(80 - 3 - 64)
    knock('10.9.9.9')
    await settle()
    expect(refused).toHaveLength(80 - 3 - 64 + 1)
    expect(refused.some((one) => one.startsWith('10.9.9.9'))).toBe(false)
    expect(await servedAfterwards(7)).toContain('10.9.9.9')
  })

  it('turns everybody away evenly when every origin has one', async () => {
    for (let n = 0; n < 70; n++) knock(`10.0.1.${n}`)
    await settle()
    expect(refused).toEqual(['10.0.1.67 overloaded', '10.0.1.68 overloaded', '10.0.1.69 overloaded'])
  })

  it('is free again when everybody has been served', async () => {
    knockOften('10.0.0.1', 10)
    await settle()
    await servedAfterwards(10)
    started = []
    knockOften('10.0.0.2', 3)
    await settle()
    expect(started).toHaveLength(3)
  })
})
