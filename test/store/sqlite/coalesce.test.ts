import { describe, expect, it } from 'vitest'
import { coalesce } from '../../../src/store/sqlite/coalesce.ts'

/** A question whose answer is how often it was asked. */
function question() {
  let asked = 0
  const ask = coalesce(async () => ++asked)
  return { ask, count: () => asked }
}

describe('a question that is asked once per turn', () => {
  it('gives all who ask together one answer', async () => {
    const { ask, count } = question()
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
    expect(count()).toBe(1)
  })

  it('is asked after the last of them, so that the answer reflects what each knew', async () => {
    let value = 'old'
    const ask = coalesce(async () => value)
    const first = ask()
    await Promise.resolve()
    value = 'new'
    expect(await Promise.all([first, ask()])).toEqual(['new', 'new'])
  })

  it('is asked anew by who asks after an answer, in the same turn too', async () => {
    const { ask } = question()
    const answers = [await ask(), await ask()]
    const [inTurn] = await Promise.all([ask().then(() => ask()), ask()])
    expect([...answers, inTurn]).toEqual([1, 2, 4])
  })

  it('fails for all who share it, and not for the next', async () => {
    let fails = true
    const ask = coalesce(async () => {
      if (fails) throw new Error('no answer')
      return 'answer'
    })
    const outcomes = await Promise.allSettled([ask(), ask()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fails = false
    expect(await ask()).toBe('answer')
  })
})
