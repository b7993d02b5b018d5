import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PATIENCE_MS, SearchLane } from '../../console/src/explore/search-lane.ts'

/** A lane with calls that end when a test says so. */
function laneOfCalls() {
  const lane = new SearchLane()
  const log: string[] = []
  const ends = new Map<string, () => void>()
  const run = (rank: 'rows' | 'counts', name: string, signal = new AbortController().signal) =>
    lane.run(
      rank,
      (own) =>
        new Promise<string>((resolve, reject) => {
          log.push(name)
          ends.set(name, () => resolve(name))
          own.addEventListener('abort', () => {
            log.push(`${name} stopped`)
            reject(own.reason)
          })
        }),
      signal,
    )
  const end = async (name: string) => {
    ends.get(name)?.()
    await pass()
  }
  return { log, run, end }
}

/** Lets everything happen that is due at once, or after a time. */
const pass = (ms = 1) => vi.advanceTimersByTimeAsync(ms)

describe('the searches of a view', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are sent one after the other, rows first', async () => {
    const { log, run, end } = laneOfCalls()
    const all = [run('counts', 'one'), run('counts', 'two'), run('rows', 'three')]
    await pass()
    expect(log).toEqual(['three'])
    await end('three')
    const four = run('rows', 'four')
    await end('one')
    await end('four')
    await end('two')
    expect(log).toEqual(['three', 'one', 'four', 'two'])
    expect(await Promise.all([...all, four])).toEqual(['one', 'two', 'three', 'four'])
  })

  it('that are given up while they wait are not sent, and the one under way ends before the next', async () => {
    const { log, run, end } = laneOfCalls()
    const [first, second] = [new AbortController(), new AbortController()]
    const one = run('rows', 'one', first.signal)
    await pass()
    const all = Promise.allSettled([one, run('rows', 'two', second.signal), run('rows', 'three')])
    second.abort()
    first.abort()
    await pass()
    expect(log).toEqual(['one'])
    await end('one')
    expect(log).toEqual(['one', 'three'])
    await end('three')
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })

  it('are stopped when they are given up and none waits', async () => {
    const { log, run, end } = laneOfCalls()
    const controller = new AbortController()
    const given = expect(run('rows', 'one', controller.signal)).rejects.toThrow()
    await pass()
    controller.abort()
    await pass()
    await given
    expect(log).toEqual(['one', 'one stopped'])
    const two = run('rows', 'two')
    await pass()
    await end('two')
    expect(await two).toBe('two')
  })

  it('that hang hold up the next ones for a while, and counts are made again after the rows', async () => {
    const { log, run, end } = laneOfCalls()
    const counts = run('counts', 'counts')
    await pass()
    const rows = run('rows', 'rows')
    await pass(PATIENCE_MS - 10)
    expect(log).toEqual(['counts'])
    await pass(20)
    expect(log).toEqual(['counts', 'counts stopped', 'rows'])
    await end('rows')
    await end('counts')
    expect(await Promise.all([counts, rows])).toEqual(['counts', 'rows'])
  })

  it('go on after one that fails', async () => {
    const lane = new SearchLane()
    const { signal } = new AbortController()
    const failing = lane.run('rows', () => Promise.reject(new Error('the disk is full')), signal)
    const next = lane.run('counts', () => Promise.resolve(1), signal)
    await expect(failing).rejects.toThrow('the disk is full')
    expect(await next).toBe(1)
  })
})
