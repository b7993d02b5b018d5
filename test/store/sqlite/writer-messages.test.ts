import { describe, expect, it } from 'vitest'
import {
  packCall,
  packReply,
  unpackCall,
  unpackValue,
  type WriteCall,
} from '../../../src/store/sqlite/writer-messages.ts'
import type { Change, Verdict, WriteRequest } from '../../../src/store/store.ts'
import { register, remove, request, setTags } from '../../conformance/requests.ts'

/** What the other thread gets. */
const sent = <T>(message: T): T => structuredClone(message)

const EXPECTATION = { member: 'status', is: { oneOf: ['active', undefined] }, orElse: 'image-not-active' } as const
const STATE = { name: '名 "1"', detail: '{"a":[1,"\\n"]}', tags: [{ key: '键', value: '' }] }

const REQUESTS: readonly WriteRequest[] = [
  register('a', 'k=1', 'l='),
  register('b'),
  request('c', { kind: 'register', state: STATE, createdAtMs: 0 }, { type: 'instances', actor: 'other', atMs: 7 }),
  request('d', { kind: 'register', state: STATE, onlyIfNew: true }, { actor: 'other', requestId: 'second' }),
  request(
    'e',
    { kind: 'register', state: STATE, createdAtMs: 5, onlyIfNew: true },
    { rules: { tagsPerResourceMax: 20 } },
  ),
  setTags('a', 'k=2'),
  request('a', { kind: 'remove-tags', tags: [{ key: 'k' }, { key: 'l', value: '' }], mustExist: true }),
  request('a', { kind: 'edit', expect: [EXPECTATION], name: 'n', set: { a: { b: null } }, unset: ['c'], tags: [] }),
  request('b', { kind: 'delete', expect: [EXPECTATION] }),
  remove('x'),
]

function commitOf(requests: readonly WriteRequest[]): WriteCall {
  return { id: 3, method: 'commit', args: ['p', requests] }
}

describe('a commit that is sent', () => {
  it('arrives as it was', () => {
    expect(unpackCall(sent(packCall(commitOf(REQUESTS))))).toEqual(commitOf(REQUESTS))
    expect(unpackCall(sent(packCall(commitOf([]))))).toEqual(commitOf([]))
  })

  it('says once what all its requests say', () => {
    const requests = Array.from({ length: 100 }, (_, i) => request(`i${i}`, remove('').change, { actor: 'the actor' }))
    const text = JSON.stringify(packCall(commitOf(requests)))
    expect(text.split('the actor')).toHaveLength(2)
    expect(text.split('tagsPerResourceMax')).toHaveLength(2)
  })
})

describe('a reply that is sent', () => {
  function changed(request: WriteRequest, revision: number, after: Change['after'], created = false): Verdict {
    const { change, type, id, actor, requestId, atMs } = request
    const logged = { revision, kind: change.kind, type, id, sequence: 40 + revision, createdAtMs: 9, after }
    return { outcome: 'changed', revision, created, change: { ...logged, actor, requestId, atMs } }
  }

  /** Sends the verdicts back from a thread that has got the requests by a message. */
  function replied(requests: readonly WriteRequest[], verdictsOf: (requests: readonly WriteRequest[]) => Verdict[]) {
    const call = commitOf(requests)
    const there = unpackCall(sent(packCall(call)))
    const value = verdictsOf(there.args[1] as readonly WriteRequest[])
    const reply = sent(packReply(there, { id: 3, value }))
    return 'error' in reply ? reply : unpackValue(call, reply.value)
  }

  it('arrives as it was, whatever became of the requests', () => {
    const verdictsOf = (requests: readonly WriteRequest[]): Verdict[] =>
      requests.map((request, i) => {
        const { change } = request
        if (change.kind === 'register') return changed(request, i, change.state, true)
        if (change.kind === 'delete') return changed(request, i, undefined)
        if (change.kind === 'remove-tags') return { outcome: 'unchanged', revision: i }
        if (change.kind === 'edit')
          return { outcome: 'refused', revision: i, code: 'resource-exists', facts: { field: 'f' } }
        return changed(request, i, STATE)
      })
    expect(replied(REQUESTS, verdictsOf)).toEqual(verdictsOf(REQUESTS))
  })

  it('tells a state that is not the one asked for', () => {
    const verdictsOf = (requests: readonly WriteRequest[]) =>
      requests.map((request) => changed(request, 1, { ...STATE }))
    expect(replied([register('a', 'k=1')], verdictsOf)).toEqual(verdictsOf([register('a', 'k=1')]))
  })

  it('tells a failure', () => {
    const failure = { id: 3, error: { message: 'disk full' } }
    expect(packReply(commitOf(REQUESTS), failure)).toBe(failure)
  })
})

it('other calls and their replies are sent as they are', () => {
  const call: WriteCall = { id: 1, method: 'deleteProject', args: ['p'] }
  expect(unpackCall(packCall(call))).toEqual(call)
  expect(packReply(call, { id: 1, value: 'done' })).toEqual({ id: 1, value: 'done' })
  expect(unpackValue(call, 'done')).toBe('done')
})
