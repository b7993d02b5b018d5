import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Deadlines } from '../../src/http/deadlines.ts'

let given: string[]
let deadlines: Deadlines

beforeEach(() => {
  vi.useFakeTimers()
  given = []
  deadlines = new Deadlines(1000)
})

afterEach(() => {
  vi.useRealTimers()
})

const watch = (name: string) => deadlines.watch(() => given.push(name))

describe('work that is watched', () => {
  it('is given up once, not before its time is over and not long after', () => {
    watch('a')
    vi.advanceTimersByTime(1000)
    expect(given).toEqual([])
    vi.advanceTimersByTime(100)
    expect(given).toEqual(['a'])
    vi.advanceTimersByTime(5000)
    expect(given).toEqual(['a'])
  })

  it('has its whole time, whenever it begins', () => {
    watch('a')
    vi.advanceTimersByTime(550)
    watch('b')
    vi.advanceTimersByTime(550)
    expect(given).toEqual(['a'])
    vi.advanceTimersByTime(450)
    expect(given).toEqual(['a'])
    vi.advanceTimersByTime(100)
    expect(given).toEqual(['a', 'b'])
  })

  it('is let go of in any order, also twice', () => {
    const [a, b, , d] = ['a', 'b', 'c', 'd', 'e'].map(watch)
    for (const done of [b, d, b, a, d]) if (done !== undefined) deadlines.clear(done)
    vi.advanceTimersByTime(1100)
    expect([...given].sort()).toEqual(['c', 'e'])
    if (a !== undefined) deadlines.clear(a)
    watch('f')
    vi.advanceTimersByTime(1100)
    expect([...given].sort()).toEqual(['c', 'e', 'f'])
  })

  it('may begin other work when it is given up', () => {
    deadlines.watch(() => {
      given.push('a')
      watch('b')
    })
    vi.advanceTimersByTime(1100)
    expect(given).toEqual(['a'])
    vi.advanceTimersByTime(1100)
    expect(given).toEqual(['a', 'b'])
  })

  it('needs one timer for all, and none when there is nothing to watch', () => {
    const all = Array.from({ length: 100 }, (_, i) => watch(String(i)))
    expect(vi.getTimerCount()).toBe(1)
    for (const deadline of all) deadlines.clear(deadline)
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  })
})
