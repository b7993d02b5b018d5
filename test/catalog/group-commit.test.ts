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

function open({ queueMax = 100, batchMax = 100, onCommitted = () => {} }: Partial<Options> = {}): GroupCommit {
  return new GroupCommit({
    ...{ store, queueMax, batchMax },
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
  it('writes of one turn go together', async () => {
    const writer = open()
    const verdicts = await Promise.all(['a', 'b', 'c'].map((id) => writer.write('p', request(id))))
    expect(store.calls).toEqual([['commit', 'p', ['a', 'b', 'c']]])
    expect(verdicts.map(({ revision }) => revision)).toEqual([1, 2, 3])
  })

  it('writes that come during one commit go together in the next, in their order', async () => {
    const writer = open()
    const release = store.hold('commit')
    const first = writer.write('p', request('first'))
    await settle()
    const others = []
    for (const id of ['a', 'b', 'c', 'd']) {
      others.push(writer.write('p', request(id)))
      await settle()
    }
    expect(store.calls).toEqual([['commit', 'p', ['first']]])
    expect(writer.queued).toBe(5)
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

  it('a commit takes no more writes than its limit', async () => {
    const writer = open({ batchMax: 2 })
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => writer.write('p', request(id))))
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  it('projects do not wait for each other', async () => {
    const writer = open()
    const release = store.hold('commit', 'slow')
    const slow = writer.write('slow', request('a'))
    await expect(writer.write('quick', request('b'))).resolves.toMatchObject({ outcome: 'changed', revision: 1 })
    expect(committed).toEqual([['quick', [1]]])
    release()
    await expect(slow).resolves.toMatchObject({ outcome: 'changed', revision: 1 })
  })

  it('starts again after it came to rest', async () => {
    const writer = open()
    await writer.write('p', request('a'))
    await settle()
    expect(writer.queued).toBe(0)
    await writer.write('p', request('b'))
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a'], ['b']])
    expect(writer.queued).toBe(0)
  })
})

describe('writes that come together', () => {
  const requests = (...ids: string[]) => ids.map((id) => request(id))

  it('go together, and are answered in their order', async () => {
    const writer = open()
    const [one, many] = await Promise.all([
      writer.write('p', request('a')),
      writer.writeFirst('p', [
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

  it('are not parted: what does not fit with those before goes into the next commit', async () => {
    const writer = open({ batchMax: 4 })
    await Promise.all([
      writer.writeFirst('p', requests('a', 'b', 'c')),
      writer.writeFirst('p', requests('d', 'e')),
      writer.writeFirst('p', requests('f', 'g')),
      writer.write('p', request('h')),
    ])
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a', 'b', 'c'], ['d', 'e', 'f', 'g'], ['h']])
  })

  it('are taken as far as one commit goes', async () => {
    const writer = open({ batchMax: 2 })
    expect(await writer.writeFirst('p', requests('a', 'b', 'c'))).toHaveLength(2)
    expect(store.calls).toEqual([['commit', 'p', ['a', 'b']]])
  })

  it('are taken as far as there is room, and refused where there is none', async () => {
    const writer = open({ queueMax: 3 })
    const release = store.hold('commit')
    const one = writer.write('p', request('a'))
    const taken: number[] = []
    const some = writer.writeFirst('p', requests('b', 'c', 'd'), (count) => taken.push(count))
    expect([writer.queued, taken]).toEqual([3, [2]])
    expect((await refusalOf(writer.writeFirst('p', requests('e')))).code).toBe('overloaded')
    release()
    expect((await one).revision).toBe(1)
    expect((await some).map(({ revision }) => revision)).toEqual([2, 3])
    expect(writer.queued).toBe(0)
  })

  it('fail together, and give their places back', async () => {
    const writer = open()
    store.failNext('commit', new Error('once'))
    expect((await refusalOf(writer.writeFirst('p', requests('a', 'b')))).code).toBe('unavailable')
    expect(writer.queued).toBe(0)
  })
})

it('every write gets its own verdict', async () => {
  const writer = open()
  const [created, same, absent, updated, tooMany] = await Promise.all([
    writer.write('p', request('a')),
    writer.write('p', request('a')),
    writer.write('p', request('b', { kind: 'delete' })),
    writer.write('p', request('a', register({ name: 'x' }))),
    writer.write('p', {
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

it('tells of a commit before the callers learn of it', async () => {
  const order: string[] = []
  const writer = open({ onCommitted: () => order.push('committed') })
  await writer.write('p', request('a')).then(() => order.push('caller'))
  expect(order).toEqual(['committed', 'caller'])
})

describe('while a commit is taken in', () => {
  it('few writes wait until its callers are answered, who may write again in time to go with them', async () => {
    const takingIn: (() => void)[] = []
    const writer = new GroupCommit({
      ...{ store, queueMax: 100, batchMax: 8, onStoreError: (error) => errors.push(error) },
      onCommitted: () => new Promise((resolve) => takingIn.push(resolve)),
    })
    const first = writer.write('p', request('a'))
    await settle()
    const second = writer.write('p', request('b'))
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a']])
    takingIn[0]?.()
    await settle()
    expect(store.calls.map(([, , ids]) => ids)).toEqual([['a'], ['b']])
    takingIn[1]?.()
    await Promise.all([first, second])
  })

  it('the next one is under way, and the one after that waits', async () => {
    const takingIn: (() => void)[] = []
    const writer = new GroupCommit({
      ...{ store, queueMax: 100, batchMax: 1, onStoreError: (error) => errors.push(error) },
      onCommitted: () => new Promise((resolve) => takingIn.push(resolve)),
    })
    const answered: string[] = []
    const writes = ['a', 'b', 'c'].map((id) => writer.write('p', request(id)).then(() => answered.push(id)))
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

  it('a failure of the next one reaches its callers, and those after it are written', async () => {
    const writer = open({ batchMax: 1 })
    const release = store.hold('commit')
    const writes = ['a', 'b', 'c'].map((id) => writer.write('p', request(id)))
    await settle()
    store.failNext('commit', new Error('once'))
    release()
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(store.log('p').map(({ id }) => id)).toEqual(['a', 'c'])
    expect(writer.queued).toBe(0)
  })
})

describe('the end of the queue', () => {
  it('refuses what would wait beyond it, over all projects, and takes more when it is empty again', async () => {
    const writer = open({ queueMax: 3 })
    const release = store.hold('commit')
    const taken = [writer.write('p', request('a')), writer.write('p', request('b')), writer.write('q', request('c'))]
    for (const project of ['p', 'q', 'r']) {
      const refusal = await refusalOf(writer.write(project, request('d')))
      expect([refusal.code, refusal.facts]).toEqual(['overloaded', { retryAfterSeconds: 1 }])
    }
    release()
    await Promise.all(taken)
    await settle()
    expect(store.calls.map(([, project, ids]) => [project, ids])).toEqual([
      ['p', ['a', 'b']],
      ['q', ['c']],
    ])
    await expect(writer.write('r', request('d'))).resolves.toMatchObject({ outcome: 'changed' })
  })

  it('counts the writes of a commit that is under way', async () => {
    const writer = open({ queueMax: 1 })
    const release = store.hold('commit')
    const taken = writer.write('p', request('a'))
    await settle()
    expect((await refusalOf(writer.write('p', request('b')))).code).toBe('overloaded')
    release()
    await taken
  })

  it('gives a place back before its caller is answered', async () => {
    const writer = open({ queueMax: 1 })
    await writer.write('p', request('a'))
    await writer.write('p', request('b'))
  })
})

describe('a store that fails', () => {
  it('answers unavailable to each write of the batch, and the next write works', async () => {
    const writer = open()
    const failure = new Error('disk full')
    store.failNext('commit', failure)
    const refusals = await Promise.all(['a', 'b'].map((id) => refusalOf(writer.write('p', request(id)))))
    expect(refusals.map(({ code, facts }) => [code, facts])).toEqual([
      ['unavailable', { retryAfterSeconds: 1 }],
      ['unavailable', { retryAfterSeconds: 1 }],
    ])
    expect(errors).toEqual([failure])
    expect(committed).toEqual([])
    await settle()
    expect(writer.queued).toBe(0)
    await expect(writer.write('p', request('c'))).resolves.toMatchObject({ outcome: 'changed', revision: 1 })
    expect(errors).toEqual([failure])
  })

  it('does not hurt the writes that wait behind the batch', async () => {
    const writer = open({ batchMax: 1 })
    store.failNext('commit', new Error('once'))
    const first = refusalOf(writer.write('p', request('a')))
    const second = writer.write('p', request('b'))
    expect((await first).code).toBe('unavailable')
    expect((await second).revision).toBe(1)
  })

  it('is answered for also when it fails at once', async () => {
    const failure = new Error('at once')
    const broken = Object.assign(Object.create(store) as FakeStore, {
      commit: () => {
        throw failure
      },
    })
    const writer = new GroupCommit({
      ...{ store: broken, queueMax: 1, batchMax: 1, onCommitted: async () => {} },
      onStoreError: (error) => errors.push(error),
    })
    expect((await refusalOf(writer.write('p', request('a')))).code).toBe('unavailable')
    expect(errors).toEqual([failure])
  })
})
