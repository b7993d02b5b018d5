import { describe, expect, it } from 'vitest'
import { authorize } from '../../src/iam/authorize.ts'
import type { PolicyDocument } from '../../src/iam/policy.ts'
import type { Principal } from '../../src/iam/principal.ts'
import { type RoleScope, SYSTEM_ROLES } from '../../src/iam/roles.ts'
import { withAccounts } from './world.ts'

const world = withAccounts()

const ADMIN = SYSTEM_ROLES[0]?.id as string
const CREATE_KEY = 'iam:credentials:createCredential'
const inDomain = (): RoleScope => ({ scope: 'domain', scopeId: world().domain })
const inProject = (id = world().project): RoleScope => ({ scope: 'project', scopeId: id })

const policy = (effect: 'Allow' | 'Deny', ...actions: string[]): PolicyDocument => ({
  Version: '1.1',
  Statement: [{ Effect: effect, Action: actions }],
})

async function newUser(name = 'user'): Promise<string> {
  return (await world().accounts.users.create(world().domain, { name, password: 'abc-1234' }, '')).id
}

/** Creates a custom role with a policy, assigns it to users in a scope, and gives its id. */
async function assignPolicy(document: PolicyDocument, scope: RoleScope, ...users: readonly string[]): Promise<string> {
  const { accounts, domain } = world()
  const displayName = `${scope.scopeId} ${JSON.stringify(document)}`
  const input = { displayName, description: '', descriptionCn: '', type: 'XA', policy: document } as const
  const { id } = await accounts.roles.create(domain, input)
  for (const user of users) await accounts.roles.assign(domain, user, scope, id)
  return id
}

async function signer(user: string, projectId?: string): Promise<Principal> {
  const scope = projectId === undefined ? ({ kind: 'domain' } as const) : ({ kind: 'project', id: projectId } as const)
  const principal = await world().accounts.accessKeys.principalIn(user, scope)
  if (principal === undefined) throw new Error('the user has no role in the scope')
  return principal
}

describe('a policy', () => {
  it('a compiled policy is one object for all users and scopes until it changes', async () => {
    const { accounts, domain, project } = world()
    const users = [await newUser('one'), await newUser('two')] as const
    const other = await accounts.projects.ensure(domain, 'other')
    const role = await assignPolicy(policy('Allow', 'ims:*:*'), inDomain(), ...users)
    const all = async () => {
      const signers = [await signer(users[0], project), await signer(users[0], other.id), await signer(users[1])]
      const { principal } = await accounts.logIn({ name: 'two' }, 'abc-1234', { project: { id: project } })
      return new Set(
        [...signers, principal].flatMap(({ policies, policiesAnywhere }) => [...policies, ...policiesAnywhere]),
      )
    }
    const before = await all()
    expect([...before]).toEqual([{ allows: ['ims:*:*'], denies: [] }])
    // Both updates have the same timestamp.
    for (const action of ['ims:images:list', 'ims:images:get']) {
      await accounts.roles.update(domain, role, { policy: policy('Allow', action) })
      expect([...(await all())]).toEqual([{ allows: [action], denies: [] }])
    }
    await accounts.roles.update(domain, role, { policy: policy('Allow', 'ims:*:*') })
    expect(await all()).toEqual(before)
  })
})

describe('actions on one’s own records', () => {
  it('a Deny in any scope applies to one’s own records, for tokens and for keys without a scope', async () => {
    const { accounts, domain, project } = world()
    const id = await newUser()
    const other = await accounts.projects.ensure(domain, 'other')
    await accounts.roles.assign(domain, id, inProject(other.id), ADMIN)
    const may =
      (principal: Principal, action = CREATE_KEY) =>
      () =>
        authorize(principal, action, { kind: 'any' })
    const { token } = await accounts.logIn({ id }, 'abc-1234', { project: { id: other.id } })
    expect(may(await signer(id))).not.toThrow()
    const role = await assignPolicy(policy('Deny', 'iam:credentials:*'), inProject(project), id)
    for (const where of [undefined, project, other.id]) {
      expect(may(await signer(id, where))).toThrow('action-forbidden')
      expect(may(await signer(id, where), 'iam:projects:listProjects')).not.toThrow()
    }
    expect(may((await accounts.authenticate(token)).principal)).toThrow('action-forbidden')
    await accounts.roles.unassign(domain, id, inProject(project), role)
    expect(may((await accounts.authenticate(token)).principal)).not.toThrow()
  })
})

describe('a call that works on the projects of a domain', () => {
  it('a project is left out as soon as a role in it denies the action', async () => {
    const { accounts, domain, project } = world()
    const id = await newUser()
    await accounts.roles.assign(domain, id, inDomain(), ADMIN)
    const other = await accounts.projects.ensure(domain, 'other')
    const caller = await signer(id)
    const open = async (action: string) => {
      const all = await accounts.projects.list(domain)
      const names = (await accounts.principals.allowedProjects(caller, all, action)).map(({ name }) => name)
      for (const { id: each, name } of all)
        expect(await accounts.principals.isAllowedIn(caller, each, action)).toBe(names.includes(name))
      return names
    }
    expect(await open('tms:resources:list')).toEqual(['default', 'other'])
    await assignPolicy(policy('Allow', 'ims:images:list'), inProject(other.id), id)
    const role = await assignPolicy(policy('Deny', 'TMS:*:list*'.toLowerCase()), inProject(project), id)
    expect(await open('tms:resources:list')).toEqual(['other'])
    expect(await open('tms:resourceTags:create')).toEqual(['default', 'other'])
    await accounts.roles.unassign(domain, id, inProject(project), role)
    expect(await open('tms:resources:list')).toEqual(['default', 'other'])
  })

  it('filtering projects costs one read of the accounts revision for any number of projects', async () => {
    const { accounts, admin, calls, domain } = world()
    for (const name of ['a', 'b', 'c']) await accounts.projects.ensure(domain, name)
    const [caller, projects] = [await signer(admin), await accounts.projects.list(domain)]
    calls.length = 0
    await accounts.principals.allowedProjects(caller, projects, 'tms:resources:list')
    expect(calls).toEqual(['getAccountsRevision'])
  })
})
