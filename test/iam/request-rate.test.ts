import { expect, it } from 'vitest'
import type { Scope } from '../../src/iam/principal.ts'
import { RequestRate } from '../../src/iam/request-rate.ts'

const domain = { id: 'd', name: 'd' }
const project = (id: string): Scope => ({ kind: 'project', project: { id, name: id }, domain })

it('a project may send two seconds of its rate at once, and then its rate; others are not affected', async () => {
  let nowMs = 0
  const rate = new RequestRate(
    () => nowMs,
    async (id) => (id === 'free' ? 0 : 10),
  )
  const accepted = async (scope: Scope, count: number) => {
    let passed = 0
    for (let i = 0; i < count; i++) {
      passed += await rate.count(scope).then(
        () => 1,
        (error) => {
          expect(error).toMatchObject({ code: 'throttled', facts: { retryAfterSeconds: 1 } })
          return 0
        },
      )
    }
    return passed
  }
  expect(await accepted(project('p'), 30)).toBe(20)
  expect(await accepted(project('q'), 30)).toBe(20)
  expect(await accepted({ kind: 'domain', domain }, 30)).toBe(20)
  expect(await accepted(project('free'), 30)).toBe(30)
  nowMs += 1000
  expect(await accepted(project('p'), 30)).toBe(10)
  nowMs += 60_000
  expect(await accepted(project('p'), 30)).toBe(20)
})
