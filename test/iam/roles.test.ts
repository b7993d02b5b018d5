import { describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { authorize } from '../../src/iam/authorize.ts'
import type { PolicyDocument } from '../../src/iam/policy.ts'
import { type RoleScope, SYSTEM_ROLES } from '../../src/iam/roles.ts'
import { refusalOf, withAccounts } from './world.ts'

const world = withAccounts()

const policy = (effect: 'Allow' | 'Deny', ...actions: string[]): PolicyDocument => ({
  Version: '1.1',
  Statement: [{ Effect: effect, Action: actions }],
})
const newRole = (displayName: string, document: PolicyDocument) => {
  const input = { displayName, description: '', descriptionCn: '', type: 'XA' as const, policy: document }
  return world().accounts.roles.create(world().domain, input)
}
const [ADMIN, READONLY] = SYSTEM_ROLES.map(({ id }) => id) as [string, string]
const inProject = () => ({ scope: 'project', scopeId: world().project }) as const
const inDomain = () => ({ scope: 'domain', scopeId: world().domain }) as const

async function newUser(name = 'user'): Promise<string> {
  return (await world().accounts.users.create(world().domain, { name, password: 'abc-1234' }, '')).id
}
const tokenOf = async (name = 'user') =>
  (await world().accounts.logIn({ name }, 'abc-1234', { project: { id: world().project } })).token

async function may(token: string, action: string): Promise<boolean> {
  const { principal } = await world().accounts.authenticate(token)
  try {
    authorize(principal, action, { kind: 'any' })
    return true
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

describe('a custom role', () => {
  it('changes of a custom role and of its assignments apply to issued tokens at once', async () => {
    const { accounts, domain } = world()
    const id = await newUser()
    const role = await newRole('Taggers', policy('Allow', 'ims:images:update'))
    await accounts.roles.assign(domain, id, inProject(), role.id)
    const token = await tokenOf()
    expect(await may(token, 'ims:images:update')).toBe(true)
    expect(await may(token, 'ims:images:list')).toBe(false)
    await accounts.roles.update(domain, role.id, { policy: policy('Allow', 'ims:images:list') })
    expect(await may(token, 'ims:images:update')).toBe(false)
    expect(await may(token, 'ims:images:list')).toBe(true)
    await accounts.roles.assign(domain, id, inDomain(), ADMIN)
    expect(await may(token, 'ims:images:update')).toBe(true)
    await accounts.roles.update(domain, role.id, { policy: policy('Deny', 'ims:*:*') })
    expect(await may(token, 'ims:images:update')).toBe(false)
    expect(await may(token, 'tms:tags:create')).toBe(true)
    await accounts.roles.unassign(domain, id, inProject(), role.id)
    expect(await may(token, 'ims:images:update')).toBe(true)
    await accounts.roles.unassign(domain, id, inDomain(), ADMIN)
    expect((await refusalOf(accounts.authenticate(token))).code).toBe('token-revoked')
  })

  it('a Deny in one project does not apply to another', async () => {
    const { accounts, domain } = world()
    const id = await newUser()
    const other = await accounts.projects.ensure(domain, 'other')
    const deny = await newRole('Nothing', policy('Deny', '*:*:*'))
    await accounts.roles.assign(domain, id, inDomain(), READONLY)
    await accounts.roles.assign(domain, id, inProject(), deny.id)
    expect(await may(await tokenOf(), 'ims:images:list')).toBe(false)
    const { token } = await accounts.logIn({ id }, 'abc-1234', { project: { id: other.id } })
    expect(await may(token, 'ims:images:list')).toBe(true)
  })

  it('a custom role keeps its name in tokens, and shows when it was created and updated', async () => {
    const { accounts, domain } = world()
    const role = await newRole('One', policy('Allow', 'ims:images:list'))
    const createdAtMs = world().nowMs
    expect(role).toMatchObject({ name: `custom_${role.id}`, custom: { createdAtMs, updatedAtMs: createdAtMs } })
    world().nowMs += 5000
    const changed = await accounts.roles.update(domain, role.id, { displayName: 'Two' })
    expect(changed).toEqual({
      ...role,
      displayName: 'Two',
      custom: { domainId: domain, createdAtMs, updatedAtMs: createdAtMs + 5000 },
    })
  })

  it('a custom role of another domain is not found', async () => {
    const { accounts } = world()
    const role = await newRole('One', policy('Allow', 'ims:images:list'))
    for (const refused of [
      accounts.roles.get('other', role.id),
      accounts.roles.update('other', role.id, {}),
      accounts.roles.remove('other', role.id),
    ]) {
      expect((await refusalOf(refused)).code).toBe('resource-not-found')
    }
    expect(await accounts.roles.listCustom('other')).toEqual([])
    expect((await accounts.roles.get('other', ADMIN)).name).toBe('te_admin')
  })

  it('an assignment of a role that does not exist is ignored', async () => {
    const { accounts, store, domain } = world()
    const id = await newUser()
    await accounts.roles.assign(domain, id, inProject(), READONLY)
    await store.addAssignment({ userId: id, ...inProject(), role: 'no such role' })
    expect((await accounts.authenticate(await tokenOf())).principal.roles).toEqual(['readonly'])
    expect((await accounts.roles.listInScope(id, inProject())).map(({ name }) => name)).toEqual(['readonly'])
  })

  it('a user can have 20 custom roles per scope in addition to system roles', async () => {
    const { accounts, domain } = world()
    const id = await newUser()
    const assignRole = async (n: number, scope: RoleScope) => {
      const role = await newRole(`${scope.scope} ${n}`, policy('Allow', 'ims:images:list'))
      await accounts.roles.assign(domain, id, scope, role.id)
    }
    for (let n = 1; n <= 20; n++) await assignRole(n, inProject())
    await accounts.roles.assign(domain, id, inProject(), READONLY)
    const { code, facts } = await refusalOf(assignRole(21, inProject()))
    expect([code, facts.rule]).toEqual(['role-quota-exceeded', { name: 'items-max', limit: 20 }])
    await assignRole(22, inDomain())
    expect(await accounts.roles.listInScope(id, inProject())).toHaveLength(21)
  })
})
