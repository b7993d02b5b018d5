import { expect, it } from 'vitest'
import { threadsOfThisProcess, yieldToMainThread } from '../../src/service/thread-priority.ts'

const THREADS = [
  { id: 1, name: 'MainThread' },
  { id: 2, name: 'V8Worker' },
  { id: 3, name: 'libuv-worker' },
  { id: 4, name: 'V8Worker' },
]

function lowered(cores: number, priority = 0): [id: number, priority: number][] {
  const calls: [number, number][] = []
  yieldToMainThread({
    cores,
    threads: () => THREADS,
    priorityOf: () => priority,
    setPriority: (id, to) => calls.push([id, to]),
  })
  return calls
}

it('on a single core the helper threads of V8 have a lower priority, and no other thread', () => {
  expect(lowered(1)).toEqual([
    [2, 10],
    [4, 10],
  ])
})

it('the lowest priority is the limit of the system', () => {
  expect(lowered(1, 15)).toEqual([
    [2, 19],
    [4, 19],
  ])
})

it('with more cores every thread keeps its priority', () => {
  expect(lowered(2)).toEqual([])
})

it.runIf(process.platform === 'linux')('this version of Node has helper threads under the expected name', () => {
  expect(threadsOfThisProcess().map(({ name }) => name)).toContain('V8Worker')
})
