import { describe, expect, it } from 'vitest'
import { OwnerQueue, SHORT_MS, STINT_MS, Work } from '../../src/catalog/owner-queue.ts'

/** Takes the next turn, and gives the names of what has it. */
function taken(queue: OwnerQueue, names: string[], mayBulk = true): string {
  for (const resume of queue.take(mayBulk).resumed) resume()
  return names.splice(0).join(' ')
}

function workOf(ms: number, isBulk = false): Work {
  const work = new Work()
  work.isBulk = isBulk
  work.add(ms)
  return work
}

describe('the queue of an owner', () => {
  it('goes on with the work that had a turn before it begins the next', () => {
    const queue = new OwnerQueue()
    const names: string[] = []
    const first = new Work()
    queue.add(() => names.push('first'), first)
    queue.add(() => names.push('second'), new Work())
    expect(taken(queue, names)).toBe('first')
    first.add(1)
    queue.add(() => names.push('first again'), first)
    expect([taken(queue, names), taken(queue, names)]).toEqual(['first again', 'second'])
    expect(queue.length).toBe(0)
  })

  it('has short work before requests that have not begun, and these before long work, which has one turn in four', () => {
    const queue = new OwnerQueue()
    const names: string[] = []
    for (let i = 0; i < 4; i++) queue.addBeginning(() => names.push('request'))
    for (let i = 0; i < 2; i++) queue.add(() => names.push('long'), workOf(SHORT_MS))
    for (let i = 0; i < 3; i++) queue.add(() => names.push('short'), workOf(SHORT_MS / 2))
    const order = Array.from({ length: 9 }, () => taken(queue, names))
    expect(order).toEqual(['short', 'short', 'short', 'long', 'request', 'request', 'request', 'long', 'request'])
    expect(queue.length).toBe(0)
  })

  it('has long answers before bulk work in three of four turns of long work', () => {
    const queue = new OwnerQueue()
    const names: string[] = []
    for (let i = 0; i < 6; i++) queue.add(() => names.push('list'), workOf(SHORT_MS))
    for (let i = 0; i < 2; i++) queue.add(() => names.push('export'), workOf(SHORT_MS, true))
    const order = Array.from({ length: 8 }, () => taken(queue, names))
    expect(order).toEqual(['list', 'list', 'list', 'export', 'list', 'list', 'list', 'export'])
  })

  it('gives bulk work no turn while it may have none, and says whether anything else waits', () => {
    const queue = new OwnerQueue()
    const names: string[] = []
    queue.add(() => names.push('export'), workOf(SHORT_MS, true))
    expect(queue.hasUrgent).toBe(false)
    for (let i = 0; i < 5; i++) queue.add(() => names.push('list'), workOf(SHORT_MS))
    queue.addBeginning(() => names.push('request'))
    const order: string[] = []
    while (queue.hasUrgent) order.push(taken(queue, names, false))
    expect(order).toEqual(['request', 'list', 'list', 'list', 'list', 'list'])
    expect(taken(queue, names)).toBe('export')
  })

  it('gives long work stints, one after the other', () => {
    const queue = new OwnerQueue()
    const order: string[] = []
    const add = (name: string, work: Work) =>
      queue.add(() => {
        order.push(name)
        work.add(STINT_MS / 2)
        add(name, work)
      }, work)
    add('a', workOf(SHORT_MS))
    add('b', workOf(SHORT_MS))
    for (let i = 0; i < 8; i++) taken(queue, [])
    expect(order.join('')).toBe('bbaabbaa')
  })

  it('tells whose turn it is, but not for requests, which may be several', () => {
    const queue = new OwnerQueue()
    const work = new Work()
    queue.add(() => undefined, work)
    queue.addBeginning(() => undefined)
    expect(queue.take(true).work).toBe(work)
    expect(queue.take(true).work).toBeUndefined()
  })

  it('begins more requests together while they take little of a turn, up to 8, and fewer when they take one', () => {
    const queue = new OwnerQueue()
    for (let i = 0; i < 100; i++) queue.addBeginning(() => undefined)
    const sizes = [0, 0, 0.1, 0, 0, 1, 2, 0.5].map((turns) => {
      const { resumed } = queue.take(true)
      queue.beganIn(turns)
      return resumed.length
    })
    expect(sizes).toEqual([1, 2, 4, 8, 8, 8, 4, 2])
  })
})
