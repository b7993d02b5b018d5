import { describe, expect, it } from 'vitest'
import {
  packRequests,
  packVerdicts,
  unpackRequests,
  unpackVerdicts,
} from '../../../src/store/sqlite/writer-messages.ts'
import type { Change, Verdict, WriteRequest } from '../../../src/store/store.ts'
import { register, remove, request, setTags } from '../../conformance/requests.ts'

/** The message as the other thread receives it. */
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
  request('b', { kind: 'delete', expect: [EXPECTATION] }, { cause: 'plan:1' }),
  setTags('a', 'k=2'),
  { ...setTags('a', 'k=3'), cause: 'undo:1' },
  { ...register('f', 'k=3'), cause: 'undo:1' },
  remove('x'),
]

describe('requests of a commit', () => {
  it('requests of every kind arrive unchanged', () => {
    expect(unpackRequests(sent(packRequests(REQUESTS)))).toEqual(REQUESTS)
    expect(unpackRequests(sent(packRequests([])))).toEqual([])
  })

  it('the actor and the rules are sent once when all requests have the same', () => {
    const requests = Array.from({ length: 100 }, (_, i) => request(`i${i}`, remove('').change, { actor: 'the actor' }))
    const text = JSON.stringify(packRequests(requests))
    expect(text.split('the actor')).toHaveLength(2)
    expect(text.split('tagsPerResourceMax')).toHaveLength(2)
  })
})

describe('verdicts of a commit', () => {
  function changed(request: WriteRequest, revision: number, after: Change['after'], created = false): Verdict {
    const { change, type, id, actor, requestId, cause } = request
    const pointer = { priorRevision: revision === 0 ? undefined : revision - 1, cause, atMs: 70 + revision }
    const logged = { revision, kind: change.kind, type, id, sequence: 40 + revision, createdAtMs: 9, after, ...pointer }
    return { outcome: 'changed', revision, created, change: { ...logged, actor, requestId } }
  }

  /** Sends requests to the writer and its verdicts back. */
  function replied(requests: readonly WriteRequest[], verdictsOf: (requests: readonly WriteRequest[]) => Verdict[]) {
    const received = unpackRequests(sent(packRequests(requests)))
    return unpackVerdicts(requests, sent(packVerdicts(received, verdictsOf(received))))
  }

  it('verdicts of every outcome arrive unchanged', () => {
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

  it('a state that differs from the requested one is sent', () => {
    const verdictsOf = (requests: readonly WriteRequest[]) =>
      requests.map((request) => changed(request, 1, { ...STATE }))
    expect(replied([register('a', 'k=1')], verdictsOf)).toEqual(verdictsOf([register('a', 'k=1')]))
  })
})
