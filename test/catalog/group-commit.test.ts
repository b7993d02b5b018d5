import { beforeEach, describe, expect, it } from 'vitest'
import { GroupCommit } from '../../src/catalog/group-commit.ts'
import { DomainError } from '../../src/core/errors.ts'
import type { Verdict } from '../../src/store/store.ts'
import { FakeStore, register, request, settle } from './fake-store.ts'

let store: FakeStore
let committed: [project: string, revisions: number[]][]
let errors: unknown[]

beforeEach(() => {
  store = new FakeStore()
  committed = []
  errors = []
})

function open(options: Partial<Options> = {}): GroupCommit {
  const { queueMax = 100, batchMax = 100, onCommitted = () => {}, isShared = false } = options
  return new GroupCommit({
    store,
    queueMax,
    batchMax,
    isShared: () => isShared,
    onCommitted: async (project, verdicts) => {
      committed.push([project, verdicts.map(({ revision }) => revision)])
      onCommitted(project, verdicts)
    },
    onStoreError: (error) => errors.push(error),
  })
}

type Options = {
  readonly queueMax: number
  readonly batchMax: number
  readonly onCommitted: (project: string, verdicts: readonly Verdict[]) => void
  readonly isShared: boolean
}

async function refusalOf(promise: Promise<unknown>): Promise<DomainError> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof DomainError) return error
  throw error
}

describe('group commit', () => {
  it('writes of one event-loop tick share a commit', async () => {
    const commits = open()
    const verdicts = await Promise.all(['a', 'b', 'c'].map((id) => commits.write('p', request(id))))
    expect(store.calls).toEqual([['commit', 'p', ['a', 'b', 'c']]])
    expect(verdicts.map(({ revision }) => revision)).toEqual([1, 2, 3])
  })

  it('writes that arrive during a commit share the next one, in order of arrival', async () => {
    const commits = open()
    const release = store.hold('commit')
    const first = commits.write('p', request('first'))
    await settle()
    const others = []
    for (const id of ['a', 'b', 'c', 'd']) {
      others.push(commits.write('p', request(id)))
      await settle()
    }
    expect(store.calls).toEqual([['commit', 'p', ['first']]])
    expect(commits.queued).toBe(5)
    release()
    await Promise.all([first, ...others])
    expect(store.calls).toEqual([
      ['commit', 'p', ['first']],
      ['commit', 'p', ['a', 'b', 'c', 'd']],
    ])
    expect(committed).toEqual([
      ['p', [1]],
      ['p', [2, 3, 4, 5]],
    ])
  })

  it('a commit has no more writes than the batch limit', async () => {
    const commits = open({ batchMax: 2 })
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => commits.write('p', request(id))))
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  it('commits of different projects run concurrently', async () => {
    const commits = open()
    const release = store.hold('commit', 'slow')
    const slow = commits.write('slow', request('a'))
    await expect(commits.write('quick', request('b'))).resolves.toMatchObject({ outcome: 'changed', revision: 1 })
    expect(committed).toEqual([['quick', [1]]])
    release()
    await expect(slow).resolves.toMatchObject({ outcome: 'changed', revision: 1 })
  })

  it('a write after an idle period starts a new commit', async () => {
    const commits = open()
    await commits.write('p', request('a'))
    await settle()
    expect(commits.queued).toBe(0)
    await commits.write('p', request('b'))
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a'], ['b']])
    expect(commits.queued).toBe(0)
  })
})

describe('writes of one call', () => {
  const requests = (...ids: string[]) => ids.map((id) => request(id))

  it('the writes of one call share a commit, and their verdicts are in order', async () => {
    const commits = open()
    const [one, many] = await Promise.all([
      commits.write('p', request('a')),
      commits.writeFirst('p', [
        ...requests('b', 'c'),
        request('b', { kind: 'delete' }),
        request('x', { kind: 'delete' }),
      ]),
    ])
    expect(store.calls).toEqual([['commit', 'p', ['a', 'b', 'c', 'b', 'x']]])
    expect(one.revision).toBe(1)
    expect(many.map(({ outcome, revision }) => [outcome, revision])).toEqual([
      ['changed', 2],
      ['changed', 3],
      ['changed', 4],
      ['refused', 4],
    ])
  })

  it('the writes of one call are not split: a call that does not fit waits for the next commit', async () => {
    const commits = open({ batchMax: 4 })
    await Promise.all([
      commits.writeFirst('p', requests('a', 'b', 'c')),
      commits.writeFirst('p', requests('d', 'e')),
      commits.writeFirst('p', requests('f', 'g')),
      commits.write('p', request('h')),
    ])
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a', 'b', 'c'], ['d', 'e', 'f', 'g'], ['h']])
  })

  it('a call accepts at most as many writes as fit into one commit', async () => {
    const commits = open({ batchMax: 2 })
    expect(await commits.writeFirst('p', requests('a', 'b', 'c'))).toHaveLength(2)
    expect(store.calls).toEqual([['commit', 'p', ['a', 'b']]])
  })

  it('a call accepts as many writes as the queue has room for, and is refused when it is full', async () => {
    const commits = open({ queueMax: 3 })
    const release = store.hold('commit')
    const one = commits.write('p', request('a'))
    const accepted: number[] = []
    const some = commits.writeFirst('p', requests('b', 'c', 'd'), (count) => accepted.push(count))
    expect([commits.queued, accepted]).toEqual([3, [2]])
    expect((await refusalOf(commits.writeFirst('p', requests('e')))).code).toBe('overloaded')
    release()
    expect((await one).revision).toBe(1)
    expect((await some).map(({ revision }) => revision)).toEqual([2, 3])
    expect(commits.queued).toBe(0)
  })

  it('the writes of one call fail together and free their room in the queue', async () => {
    const commits = open()
    store.failNext('commit', new Error('once'))
    expect((await refusalOf(commits.writeFirst('p', requests('a', 'b')))).code).toBe('unavailable')
    expect(commits.queued).toBe(0)
  })
})

it('every write gets its own verdict', async () => {
  const commits = open()
  const [created, same, absent, updated, tooMany] = await Promise.all([
    commits.write('p', request('a')),
    commits.write('p', request('a')),
    commits.write('p', request('b', { kind: 'delete' })),
    commits.write('p', request('a', register({ name: 'x' }))),
    commits.write('p', {
      ...request('a', { kind: 'set-tags', tags: [{ key: 'k', value: '' }] }),
      rules: { tagsPerResourceMax: 0 },
    }),
  ])
  expect(created).toMatchObject({ outcome: 'changed', revision: 1, created: true })
  expect(same).toEqual({ outcome: 'unchanged', revision: 1 })
  expect(absent).toEqual({ outcome: 'refused', revision: 1, code: 'resource-not-found', facts: {} })
  expect(updated).toMatchObject({ outcome: 'changed', revision: 2, created: false })
  expect(tooMany).toMatchObject({ outcome: 'refused', revision: 2, code: 'tag-quota-exceeded' })
})

it('onCommitted is done before a write is acknowledged', async () => {
  const order: string[] = []
  const commits = open({ onCommitted: () => order.push('committed') })
  await commits.write('p', request('a')).then(() => order.push('caller'))
  expect(order).toEqual(['committed', 'caller'])
})

describe('while onCommitted runs', () => {
  it('a short queue waits until the last batch is acknowledged, so that the next writes of its clients join it', async () => {
    const takingIn: (() => void)[] = []
    const commits = new GroupCommit({
      store,
      queueMax: 100,
      batchMax: 8,
      onStoreError: (error) => errors.push(error),
      onCommitted: () => new Promise((resolve) => takingIn.push(resolve)),
    })
    const first = commits.write('p', request('a'))
    await settle()
    const second = commits.write('p', request('b'))
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a']])
    takingIn[0]?.()
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a'], ['b']])
    takingIn[1]?.()
    await Promise.all([first, second])
  })

  it('with a long queue, the next commit is in flight and the one after it waits', async () => {
    const takingIn: (() => void)[] = []
    const commits = new GroupCommit({
      store,
      queueMax: 100,
      batchMax: 1,
      onStoreError: (error) => errors.push(error),
      onCommitted: () => new Promise((resolve) => takingIn.push(resolve)),
    })
    const answered: string[] = []
    const writes = ['a', 'b', 'c'].map((id) => commits.write('p', request(id)).then(() => answered.push(id)))
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a'], ['b']])
    expect([takingIn.length, answered]).toEqual([1, []])
    takingIn[0]?.()
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a'], ['b'], ['c']])
    expect([takingIn.length, answered]).toEqual([2, ['a']])
    takingIn[1]?.()
    await settle()
    takingIn[2]?.()
    await Promise.all(writes)
    expect(answered).toEqual(['a', 'b', 'c'])
  })

  it('a failure of the next commit rejects its writes only', async () => {
    const commits = open({ batchMax: 1 })
    const release = store.hold('commit')
    const writes = ['a', 'b', 'c'].map((id) => commits.write('p', request(id)))
    await settle()
    store.failNext('commit', new Error('once'))
    release()
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(store.log('p').map(({ id }) => id)).toEqual(['a', 'c'])
    expect(commits.queued).toBe(0)
  })
})

describe('while several users send requests', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `id-${i}`)

  it.each([
    [true, [1, 128, 128, 44]],
    [false, [1, 300]],
  ])('a commit has 128 writes at most: %s', async (isShared, sizes) => {
    const commits = open({ queueMax: 1000, batchMax: 1000, isShared })
    const first = commits.write('p', request('first'))
    await settle()
    await Promise.all([first, ...ids(300).map((id) => commits.write('p', request(id)))])
    expect(store.calls.map(([, , written]) => (written as readonly string[]).length)).toEqual(sizes)
  })

  it('the writes of one call are in one commit, even if they are more', async () => {
    const commits = open({ queueMax: 1000, batchMax: 1000, isShared: true })
    await Promise.all([
      commits.writeUnit(
        'p',
        ids(300).map((id) => request(id)),
      ),
      commits.write('p', request('last')),
    ])
    expect(store.calls.map(([, , written]) => (written as readonly string[]).length)).toEqual([300, 1])
  })
})

describe('the limit of the queue', () => {
  it('a write beyond the limit over all projects is refused, and accepted once the queue is empty', async () => {
    const commits = open({ queueMax: 3 })
    const release = store.hold('commit')
    const accepted = [
      commits.write('p', request('a')),
      commits.write('p', request('b')),
      commits.write('q', request('c')),
    ]
    for (const project of ['p', 'q', 'r']) {
      const refusal = await refusalOf(commits.write(project, request('d')))
      expect([refusal.code, refusal.facts]).toEqual(['overloaded', { retryAfterSeconds: 1 }])
    }
    release()
    await Promise.all(accepted)
    await settle()
    expect(store.calls.map(([, project, ids]) => [project, ids])).toEqual([
      ['p', ['a', 'b']],
      ['q', ['c']],
    ])
    await expect(commits.write('r', request('d'))).resolves.toMatchObject({ outcome: 'changed' })
  })

  it('the limit counts the writes of a commit in flight', async () => {
    const commits = open({ queueMax: 1 })
    const release = store.hold('commit')
    const accepted = commits.write('p', request('a'))
    await settle()
    expect((await refusalOf(commits.write('p', request('b')))).code).toBe('overloaded')
    release()
    await accepted
  })

  it('the room of a write is free before it is acknowledged', async () => {
    const commits = open({ queueMax: 1 })
    await commits.write('p', request('a'))
    await commits.write('p', request('b'))
  })
})

describe('a store that fails', () => {
  it('each write of a failed batch is refused with unavailable, and the next write succeeds', async () => {
    const commits = open()
    const failure = new Error('disk full')
    store.failNext('commit', failure)
    const refusals = await Promise.all(['a', 'b'].map((id) => refusalOf(commits.write('p', request(id)))))
    expect(refusals.map(({ code, facts }) => [code, facts])).toEqual([
      ['unavailable', { retryAfterSeconds: 1 }],
      ['unavailable', { retryAfterSeconds: 1 }],
    ])
    expect(errors).toEqual([failure])
    expect(committed).toEqual([])
    await settle()
    expect(commits.queued).toBe(0)
    await expect(commits.write('p', request('c'))).resolves.toMatchObject({ outcome: 'changed', revision: 1 })
    expect(errors).toEqual([failure])
  })

  it('a failed batch does not affect the writes queued behind it', async () => {
    const commits = open({ batchMax: 1 })
    store.failNext('commit', new Error('once'))
    const first = refusalOf(commits.write('p', request('a')))
    const second = commits.write('p', request('b'))
    expect((await first).code).toBe('unavailable')
    expect((await second).revision).toBe(1)
  })

  it('a store that throws synchronously refuses the write with unavailable', async () => {
    const failure = new Error('at once')
    const broken = Object.assign(Object.create(store) as FakeStore, {
      commit: () => {
        throw failure
      },
    })
    const commits = new GroupCommit({
      store: broken,
      queueMax: 1,
      batchMax: 1,
      onCommitted: async () => {},
      onStoreError: (error) => errors.push(error),
    })
    expect((await refusalOf(commits.write('p', request('a')))).code).toBe('unavailable')
    expect(errors).toEqual([failure])
  })
})
