import { describe, expect, it } from 'vitest'
import { FaultInjector } from '../../src/api/fault-injector.ts'
import type { FaultPlan } from '../../src/api/fault-plan.ts'

/** Returns the numbers of a list, one per call. */
function randomOf(...numbers: number[]): () => number {
  return () => numbers.shift() as number
}

/** Draws the fault of one call: `late` and `error` are the random numbers for delay and error. */
function drawWith(plan: FaultPlan, late: number, error: number) {
  const injector = new FaultInjector(true, randomOf(late, error))
  injector.setPlan(plan)
  const fault = injector.draw('ims-v2')
  return fault === undefined ? 'nothing' : `${fault.delayMs} ${fault.error?.code}`
}

describe('FaultInjector', () => {
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
  ])('the random numbers %d for the delay and %d for the error draw the fault "%s"', (late, error, expected) => {
    expect(drawWith(plan, late, error)).toBe(expected)
  })

  it('the delay is one second when the plan has none', () => {
    expect(drawWith({ 'ims-v2': { late: 1 } }, 0, 0)).toBe('1000 undefined')
  })

  it('a share of 1 applies to every call, and a share of 0 to none', () => {
    expect(drawWith({ 'ims-v2': { unavailable: 1 } }, 0.999, 0.999)).toBe('0 unavailable')
    expect(drawWith({ 'ims-v2': { unavailable: 0, late: 0 } }, 0, 0)).toBe('nothing')
  })

  it('no fault is drawn for a family without a plan, nor while faults are not allowed', () => {
    const injector = new FaultInjector(true, () => 0)
    expect(injector.draw('ims-v2')).toBeUndefined()
    injector.setPlan({ 'ims-v2': { throttled: 1 } })
    for (const name of ['iam-v3', '__proto__', 'constructor']) expect(injector.draw(name)).toBeUndefined()
    const disallowed = new FaultInjector(false, () => 0)
    disallowed.setPlan({ 'ims-v2': { throttled: 1 } })
    expect(disallowed.draw('ims-v2')).toBeUndefined()
  })

  it('a plan whose error shares add up to more than 1 is refused, and the current plan stays', () => {
    const injector = new FaultInjector(true, () => 0)
    injector.setPlan(plan)
    const tooMuch = { 'iam-v3': { throttled: 0.5, internal: 0.5, unavailable: 0.01 } }
    expect(() => injector.setPlan(tooMuch)).toThrow(expect.objectContaining({ code: 'request-invalid' }))
    expect(injector.plan).toBe(plan)
  })
})
