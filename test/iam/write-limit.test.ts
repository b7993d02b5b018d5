import { expect, it } from 'vitest'
import { withWriteLimit } from '../../src/iam/write-limit.ts'
import type { AccountStore } from '../../src/store/account-store.ts'
import { refusalOf, withAccounts } from './world.ts'

const world = withAccounts()

/** A store whose writes of projects wait until they are let go. */
function held() {
  const waiting: ((failure?: Error) => void)[] = []
  const wait = () =>
    new Promise<'done'>((resolve, reject) => waiting.push((failure) => (failure ? reject(failure) : resolve('done'))))
  const store = { deleteProject: wait, deleteUser: wait, ensureProject: wait, getUser: async () => undefined }
  return { waiting, store: withWriteLimit(store as unknown as AccountStore, 2) }
}

it('changes past the limit are refused at once, whatever they are, and reads are not', async () => {
  const { store, waiting } = held()
  const first = store.deleteProject('p')
  const second = store.deleteUser('u')
  const { code, facts } = await refusalOf(store.deleteProject('p'))
  expect([code, facts.retryAfterSeconds, waiting.length]).toEqual(['overloaded', 1, 2])
  expect(await store.getUser('u')).toBeUndefined()
  void store.ensureProject({ id: 'p', domainId: 'd', name: 'n', description: '', enabled: true })
  expect(waiting).toHaveLength(3)
  waiting[0]?.()
  waiting[1]?.(new Error('the disk is full'))
  expect(await first).toBe('done')
  await expect(second).rejects.toThrow('the disk is full')
  const third = store.deleteUser('u')
  waiting[3]?.()
  expect(await third).toBe('done')
})

it('accounts take 200 changes at a time', async () => {
  const { accounts, admin, domain } = world()
  const update = (n: number) => accounts.accessKeys.update(`none ${n}`, { active: true }, 'user')
  const outcomes = await Promise.allSettled(Array.from({ length: 201 }, (_, n) => update(n)))
  const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
  expect(codes.slice(0, 200)).toEqual(Array(200).fill('resource-not-found'))
  expect(codes[200]).toBe('overloaded')
  expect((await accounts.users.update(domain, admin, { description: 'after' }, '')).description).toBe('after')
})
