import { describe, expect, it } from 'vitest'
import { authorize, mayManage } from '../../src/iam/authorize.ts'
import type { Principal } from '../../src/iam/principal.ts'
import { SYSTEM_ROLES } from '../../src/iam/roles.ts'
import { refusalOf, withAccounts } from './world.ts'

const world = withAccounts()

describe('an access key', () => {
  it('an access key has 20 capitals and digits and a secret of 40 letters and digits, both unique', async () => {
    const { accounts, admin, domain, nowMs } = world()
    const other = await accounts.users.create(domain, { name: 'other' }, '')
    const keys = [await accounts.accessKeys.create(admin, 'a'), await accounts.accessKeys.create(other.id, 'b')]
    for (const key of keys) {
      expect(key).toMatchObject({ active: true, createdAtMs: nowMs })
      expect(key.accessKey).toMatch(/^[A-Z0-9]{20}$/)
      expect(key.secretKey).toMatch(/^[A-Za-z0-9]{40}$/)
    }
    expect(new Set(keys.flatMap(({ accessKey, secretKey }) => [accessKey, secretKey])).size).toBe(4)
  })

  it('a user can have two access keys, and a third is refused', async () => {
    const { accounts, admin } = world()
    for (const text of ['one', 'two']) await accounts.accessKeys.create(admin, text)
    expect((await refusalOf(accounts.accessKeys.create(admin, 'three'))).code).toBe('account-quota-exceeded')
    expect(await accounts.accessKeys.list(admin)).toHaveLength(2)
  })
})

describe('the secret of an access key', () => {
  it('the secret is given only while the key is active and its user is enabled', async () => {
    const { accounts, domain } = world()
    const { id } = await accounts.users.create(domain, { name: 'robot' }, '')
    const { accessKey, secretKey } = await accounts.accessKeys.create(id, '')
    const secret = { secretKey, userId: id }
    expect(await accounts.accessKeys.secretOf(accessKey)).toEqual(secret)
    await accounts.accessKeys.update(accessKey, { active: false }, 'user')
    expect(await accounts.accessKeys.secretOf(accessKey)).toBeUndefined()
    await accounts.accessKeys.update(accessKey, { active: true }, 'user')
    expect(await accounts.accessKeys.secretOf(accessKey)).toEqual(secret)
    await accounts.users.update(domain, id, { enabled: false }, '')
    expect(await accounts.accessKeys.secretOf(accessKey)).toBeUndefined()
    await accounts.users.update(domain, id, { enabled: true }, '')
    expect(await accounts.accessKeys.secretOf(accessKey)).toEqual(secret)
    await accounts.users.remove(domain, id)
    expect(await accounts.accessKeys.secretOf(accessKey)).toBeUndefined()
    expect(await accounts.accessKeys.secretOf('none')).toBeUndefined()
  })

  it('an access key stays valid when the password of its user changes', async () => {
    const { accounts, domain } = world()
    const { id } = await accounts.users.create(domain, { name: 'robot', password: 'old word 1' }, '')
    const { accessKey } = await accounts.accessKeys.create(id, '')
    await accounts.users.update(domain, id, { password: 'new word 2' }, '')
    expect(await accounts.accessKeys.secretOf(accessKey)).toBeDefined()
  })

  it('a cached secret and principal cost one read of the accounts revision each until the accounts change', async () => {
    const { accounts, admin, calls, domain, project } = world()
    const { accessKey } = await accounts.accessKeys.create(admin, '')
    const ask = async () => {
      calls.length = 0
      await accounts.accessKeys.secretOf(accessKey)
      await accounts.accessKeys.principalIn(admin, { kind: 'project', id: project })
      return calls.filter((call) => call !== 'getAccountsRevision').length
    }
    expect(await ask()).toBeGreaterThan(0)
    expect(await ask()).toBe(0)
    expect(calls).toEqual(['getAccountsRevision', 'getAccountsRevision'])
    await accounts.projects.ensure(domain, 'new')
    expect(await ask()).toBeGreaterThan(0)
    expect(await ask()).toBe(0)
  })
})

describe('the principal of an access key', () => {
  it('the principal has the roles of the user in a project, a domain, or its own domain', async () => {
    const { accounts, admin, domain, project } = world()
    const { principal } = await accounts.logIn({ name: 'admin' }, 'secret', { project: { id: project } })
    expect(await accounts.accessKeys.principalIn(admin, { kind: 'project', id: project })).toEqual(principal)
    const own = await accounts.accessKeys.principalIn(admin, { kind: 'domain' })
    expect(own?.scope).toEqual({ kind: 'domain', domain: { id: domain, name: 'default' } })
    expect(await accounts.accessKeys.principalIn(admin, { kind: 'domain', id: domain })).toEqual(own)
  })

  it('a user without a role can sign for its own domain, and may only look up its projects', async () => {
    const { accounts, domain } = world()
    const { id } = await accounts.users.create(domain, { name: 'robot' }, '')
    const principal = await accounts.accessKeys.principalIn(id, { kind: 'domain' })
    expect(principal).toMatchObject({ scope: { kind: 'domain', domain: { id: domain } }, roles: [], policies: [] })
    const may = (action: string, kind: 'any' | 'domain') => () => authorize(principal as Principal, action, { kind })
    expect(may('iam:projects:listProjects', 'any')).not.toThrow()
    for (const action of ['iam:users:listUsers', 'tms:predefineTags:list', 'tagwerk:resources:import']) {
      expect(may(action, 'domain')).toThrow('action-forbidden')
      expect(may(action, 'any')).toThrow('action-forbidden')
    }
    for (const action of ['iam:projects:listProjects', 'iam:credentials:listCredentials']) {
      expect(mayManage(principal as Principal, action)).toBe(false)
    }
  })

  it('there is no principal without a role, in an unknown scope, or for a disabled user', async () => {
    const { accounts, domain, project } = world()
    const { id } = await accounts.users.create(domain, { name: 'robot' }, '')
    const inProject = { kind: 'project', id: project } as const
    expect(await accounts.accessKeys.principalIn(id, inProject)).toBeUndefined()
    const readonly = SYSTEM_ROLES[1]?.id as string
    await accounts.roles.assign(domain, id, { scope: 'project', scopeId: project }, readonly)
    expect((await accounts.accessKeys.principalIn(id, inProject))?.roles).toEqual(['readonly'])
    expect(await accounts.accessKeys.principalIn(id, { kind: 'domain', id: domain })).toBeUndefined()
    expect(await accounts.accessKeys.principalIn(id, { kind: 'project', id: 'none' })).toBeUndefined()
    expect(await accounts.accessKeys.principalIn('none', inProject)).toBeUndefined()
    await accounts.users.update(domain, id, { enabled: false }, '')
    expect(await accounts.accessKeys.principalIn(id, inProject)).toBeUndefined()
    expect(await accounts.accessKeys.principalIn(id, { kind: 'domain' })).toBeUndefined()
  })
})
