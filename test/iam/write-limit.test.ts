import { expect, it } from 'vitest'
import { type AccountWrites, limitWrites } from '../../src/iam/write-limit.ts'
import { refusalOf, withAccounts } from './world.ts'

const world = withAccounts()

/** Writes of a store that stay in flight until a test settles them, limited to two. */
function pendingWrites() {
  const settle: ((failure?: Error) => void)[] = []
  const pending = () =>
    new Promise<'done'>((resolve, reject) => settle.push((failure) => (failure ? reject(failure) : resolve('done'))))
  const store = { deleteProject: pending, deleteUser: pending } as unknown as AccountWrites
  return { settle, writes: limitWrites(store, 2) }
}

it('a write past the limit is refused with overloaded and does not reach the store, whichever write it is', async () => {
  const { writes, settle } = pendingWrites()
  const first = writes.deleteProject('p')
  const second = writes.deleteUser('u')
  const { code, facts } = await refusalOf(writes.deleteProject('p'))
  expect([code, facts.retryAfterSeconds, settle.length]).toEqual(['overloaded', 1, 2])
  settle[0]?.()
  settle[1]?.(new Error('the disk is full'))
  expect(await first).toBe('done')
  await expect(second).rejects.toThrow('the disk is full')
  const third = writes.deleteUser('u')
  settle[2]?.()
  expect(await third).toBe('done')
})

it('every limited write passes its arguments and its result through', async () => {
  const store = new Proxy({} as AccountWrites, {
    get:
      (_, name) =>
      async (...args: unknown[]) => [name, ...args],
  })
  const writes = limitWrites(store, 1) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  const names = Object.keys(writes)
  expect(names).toHaveLength(23)
  for (const name of names) expect(await writes[name]!('a', 'b', 'c')).toEqual([name, 'a', 'b', 'c'])
})

it('accounts accept 200 writes in flight, and reads and ensureProject beyond them', async () => {
  const { accounts, admin, domain } = world()
  const update = (n: number) => accounts.accessKeys.update(`none ${n}`, { active: true }, 'user')
  const outcomes = Promise.allSettled(Array.from({ length: 201 }, (_, n) => update(n)))
  expect((await accounts.projects.ensure(domain, 'new')).name).toBe('new')
  expect((await accounts.users.get(domain, admin)).id).toBe(admin)
  const codes = (await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
  expect(codes.slice(0, 200)).toEqual(Array(200).fill('resource-not-found'))
  expect(codes[200]).toBe('overloaded')
  expect((await accounts.users.update(domain, admin, { description: 'after' }, '')).description).toBe('after')
})
