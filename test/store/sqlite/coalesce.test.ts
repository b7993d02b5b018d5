import { describe, expect, it } from 'vitest'
import { coalesce } from '../../../src/store/sqlite/coalesce.ts'

/** A coalesced call that returns how often it was executed. */
function counter() {
  let executions = 0
  const call = coalesce(async () => ++executions)
  return { call, count: () => executions }
}

describe('calls of one event-loop tick', () => {
  it('calls of one tick share one execution', async () => {
    const { call, count } = counter()
    expect(await Promise.all([call(), call(), call()])).toEqual([1, 1, 1])
    expect(count()).toBe(1)
  })

  it('the execution starts after the last call of the tick, so that no caller gets an older result', async () => {
    let value = 'old'
    const call = coalesce(async () => value)
    const first = call()
    await Promise.resolve()
    value = 'new'
    expect(await Promise.all([first, call()])).toEqual(['new', 'new'])
  })

  it('a call after a result is executed anew, also within the same tick', async () => {
    const { call } = counter()
    const answers = [await call(), await call()]
    const [inTick] = await Promise.all([call().then(() => call()), call()])
    expect([...answers, inTick]).toEqual([1, 2, 4])
  })

  it('a failure is shared by the calls of one tick and not by later calls', async () => {
    let fails = true
    const call = coalesce(async () => {
      if (fails) throw new Error('no result')
      return 'result'
    })
    const outcomes = await Promise.allSettled([call(), call()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fails = false
    expect(await call()).toBe('result')
  })
})
