import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Deadlines } from '../../src/http/deadlines.ts'

let fired: string[]
let deadlines: Deadlines

beforeEach(() => {
  vi.useFakeTimers()
  fired = []
  deadlines = new Deadlines(1000)
})

afterEach(() => {
  vi.useRealTimers()
})

const watch = (name: string) => deadlines.watch(() => fired.push(name))

describe('Deadlines', () => {
  it('a deadline fires once, not early and at most a tenth of the timeout late', () => {
    watch('a')
    vi.advanceTimersByTime(1000)
    expect(fired).toEqual([])
    vi.advanceTimersByTime(100)
    expect(fired).toEqual(['a'])
    vi.advanceTimersByTime(5000)
    expect(fired).toEqual(['a'])
  })

  it('a deadline that starts between two ticks has the whole timeout', () => {
    watch('a')
    vi.advanceTimersByTime(550)
    watch('b')
    vi.advanceTimersByTime(550)
    expect(fired).toEqual(['a'])
    vi.advanceTimersByTime(450)
    expect(fired).toEqual(['a'])
    vi.advanceTimersByTime(100)
    expect(fired).toEqual(['a', 'b'])
  })

  it('deadlines can be cleared in any order and more than once', () => {
    const [a, b, , d] = ['a', 'b', 'c', 'd', 'e'].map(watch)
    for (const done of [b, d, b, a, d]) if (done !== undefined) deadlines.clear(done)
    vi.advanceTimersByTime(1100)
    expect([...fired].sort()).toEqual(['c', 'e'])
    if (a !== undefined) deadlines.clear(a)
    watch('f')
    vi.advanceTimersByTime(1100)
    expect([...fired].sort()).toEqual(['c', 'e', 'f'])
  })

  it('the callback of a deadline can start another deadline', () => {
    deadlines.watch(() => {
      fired.push('a')
      watch('b')
    })
    vi.advanceTimersByTime(1100)
    expect(fired).toEqual(['a'])
    vi.advanceTimersByTime(1100)
    expect(fired).toEqual(['a', 'b'])
  })

  it('all deadlines share one timer, and none runs without deadlines', () => {
    const all = Array.from({ length: 100 }, (_, i) => watch(String(i)))
    expect(vi.getTimerCount()).toBe(1)
    for (const deadline of all) deadlines.clear(deadline)
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  })
})
