import { expect, it } from 'vitest'
import type { Founding, Project, Store } from '../../src/store/store.ts'

/** What a first start writes; `mark` tells two of them apart. */
export function founding(mark = '1'): Founding {
  return {
    domain: { id: `d${mark}`, name: 'default' },
    project: project(`p${mark}`, 'default', `d${mark}`),
    user: { id: `u${mark}`, domainId: `d${mark}`, name: 'admin', passwordHash: 'scrypt$...', enabled: true },
    assignment: { userId: `u${mark}`, scope: 'domain', scopeId: `d${mark}`, role: 'te_admin' },
    signingKey: `key ${mark}`,
  }
}

function project(id: string, name: string, domainId = 'd1'): Project {
  return { id, domainId, name, description: '', enabled: true }
}

/** Every sentence of `AccountStore` and of `Store.close`, as a test. */
export function accountStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  it('has no accounts before the founding', async () => {
    expect(await store().getAccountsRevision()).toBe(0)
    expect(await store().getSigningKey()).toBeUndefined()
    expect(await store().getUserByName('d1', 'admin')).toBeUndefined()
  })

  it('writes the founding records if no domain exists yet, and says whether it did', async () => {
    expect(await store().found(founding('1'))).toBe(true)
    expect(await store().found(founding('2'))).toBe(false)
    const { domain, project: first, user, assignment } = founding('1')
    expect(await store().getSigningKey()).toBe('key 1')
    expect(await store().getDomain('d1')).toEqual(domain)
    expect(await store().getDomain('d2')).toBeUndefined()
    expect(await store().getProject('p1')).toEqual(first)
    expect(await store().getUser('u1')).toEqual(user)
    expect(await store().listAssignments('u1')).toEqual([assignment])
  })

  it('lets exactly one of two concurrent foundings happen', async () => {
    const done = await Promise.all([store().found(founding('1')), store().found(founding('2'))])
    expect(done.filter(Boolean)).toHaveLength(1)
    expect(await store().getDomainByName('default')).toBeDefined()
  })

  it('finds records by id and by name, undefined when there is none, and compares names exactly', async () => {
    await store().found(founding())
    expect((await store().getDomainByName('default'))?.id).toBe('d1')
    expect((await store().getProjectByName('d1', 'default'))?.id).toBe('p1')
    expect((await store().getUserByName('d1', 'admin'))?.id).toBe('u1')
    expect(await store().getDomainByName('Default')).toBeUndefined()
    expect(await store().getProjectByName('d1', 'DEFAULT')).toBeUndefined()
    expect(await store().getProjectByName('d2', 'default')).toBeUndefined()
    expect(await store().getUserByName('d1', 'admin ')).toBeUndefined()
    expect(await store().getProject('none')).toBeUndefined()
    expect(await store().getUser('none')).toBeUndefined()
    expect(await store().listAssignments('none')).toEqual([])
  })

  it('adds a project unless its domain has one of that name, and gives the one that is there', async () => {
    await store().found(founding())
    expect(await store().ensureProject(project('p9', 'new'))).toEqual(project('p9', 'new'))
    expect(await store().ensureProject(project('p10', 'new'))).toEqual(project('p9', 'new'))
    expect(await store().getProject('p10')).toBeUndefined()
    expect((await store().ensureProject(project('p11', 'new', 'd2'))).id).toBe('p11')
  })

  it('gives the same project to two concurrent calls with one name', async () => {
    await store().found(founding())
    const made = await Promise.all(['a', 'b', 'c'].map((id) => store().ensureProject(project(id, 'same'))))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  })

  it('lists the projects of a domain in order of their names by code point', async () => {
    await store().found(founding())
    for (const [i, name] of ['b', 'B', '\u{1F600}', '\uFFFD', 'a'].entries())
      await store().ensureProject(project(`x${i}`, name))
    await store().ensureProject(project('other', 'c', 'd2'))
    expect((await store().listProjects('d1')).map(({ name }) => name)).toEqual([
      'B',
      'a',
      'b',
      'default',
      '\uFFFD',
      '\u{1F600}',
    ])
  })

  it('raises the accounts revision with every committed change, and only then', async () => {
    await store().found(founding())
    const steps = [
      () => store().ensureProject(project('n', 'new')),
      () => store().revokeToken('t1', 1000),
      () => store().ensureProject(project('m', 'new')),
      () => store().revokeToken('t1', 1000),
    ]
    const rises: boolean[] = []
    for (const step of steps) {
      const before = await store().getAccountsRevision()
      await step()
      rises.push((await store().getAccountsRevision()) > before)
    }
    expect(rises).toEqual([true, true, false, false])
  })

  it('marks a token as revoked until it would have expired anyway', async () => {
    await store().found(founding())
    expect(await store().isTokenRevoked('t1')).toBe(false)
    await store().revokeToken('t1', 1000)
    await store().revokeToken('t2', 2000)
    expect(await store().isTokenRevoked('t1')).toBe(true)
    await store().forgetExpiredRevocations(1500)
    expect(await store().isTokenRevoked('t1')).toBe(false)
    expect(await store().isTokenRevoked('t2')).toBe(true)
  })

  it('keeps accounts over a restart', async () => {
    await store().found(founding())
    await store().revokeToken('t1', 1000)
    const again = await reopened()
    expect(await again.getSigningKey()).toBe('key 1')
    expect(await again.isTokenRevoked('t1')).toBe(true)
    expect(await again.found(founding('2'))).toBe(false)
  })

  it('finishes what is under way when it is closed, and takes nothing more', async () => {
    const underWay = store().found(founding())
    const closing = store().close()
    expect(await underWay).toBe(true)
    await closing
    await store().close()
    await expect(store().revokeToken('t', 1)).rejects.toThrow('closed')
  })
}
