import { describe, expect, it } from 'vitest'
import { type FaultPlan, Faults } from '../../src/api/faults.ts'

/** Gives the numbers of a list, one after the other. */
function drawnFrom(...numbers: number[]): () => number {
  return () => numbers.shift() as number
}

function drawn(plan: FaultPlan, late: number, error: number) {
  const faults = new Faults(true, drawnFrom(late, error))
  faults.setPlan(plan)
  const fault = faults.draw('ims-v2')
  return fault === undefined ? 'nothing' : `${fault.delayMs} ${fault.error?.code}`
}

describe('Faults', () => {
  const plan = { 'ims-v2': { throttled: 0.1, internal: 0.2, unavailable: 0.3, late: 0.5, late_milliseconds: 20 } }

  it.each([
    [0.9, 0, '0 throttled'],
    [0.9, 0.0999, '0 throttled'],
    [0.9, 0.1001, '0 internal'],
    [0.9, 0.2999, '0 internal'],
    [0.9, 0.3001, '0 unavailable'],
    [0.9, 0.5999, '0 unavailable'],
    [0.9, 0.6001, 'nothing'],
    [0.5, 0.99, 'nothing'],
    [0.4999, 0.99, '20 undefined'],
    [0, 0, '20 throttled'],
  ])('draws late %d and error %d: %s', (late, error, expected) => {
    expect(drawn(plan, late, error)).toBe(expected)
  })

  it('is a second late if the plan does not say how late', () => {
    expect(drawn({ 'ims-v2': { late: 1 } }, 0, 0)).toBe('1000 undefined')
  })

  it('a share of 1 is every call, one of 0 none', () => {
    expect(drawn({ 'ims-v2': { unavailable: 1 } }, 0.999, 0.999)).toBe('0 unavailable')
    expect(drawn({ 'ims-v2': { unavailable: 0, late: 0 } }, 0, 0)).toBe('nothing')
  })

  it('leaves families alone that are not in the plan, and everything while it is not allowed', () => {
    const faults = new Faults(true, () => 0)
    expect(faults.draw('ims-v2')).toBeUndefined()
    faults.setPlan({ 'ims-v2': { throttled: 1 } })
    for (const name of ['iam-v3', '__proto__', 'constructor']) expect(faults.draw(name)).toBeUndefined()
    const off = new Faults(false, () => 0)
    off.setPlan({ 'ims-v2': { throttled: 1 } })
    expect(off.draw('ims-v2')).toBeUndefined()
  })

  it('refuses a plan in which more than all calls fail, and keeps the one it has', () => {
    const faults = new Faults(true, () => 0)
    faults.setPlan(plan)
    const tooMuch = { 'iam-v3': { throttled: 0.5, internal: 0.5, unavailable: 0.01 } }
    expect(() => faults.setPlan(tooMuch)).toThrow(expect.objectContaining({ code: 'request-invalid' }))
    expect(faults.plan).toBe(plan)
  })
})
