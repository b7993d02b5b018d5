import { describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { authorize, mayManage, type Target } from '../../src/iam/authorize.ts'
import { compilePolicy, type PolicyDocument } from '../../src/iam/policy.ts'
import type { Principal, Scope } from '../../src/iam/principal.ts'
import { SYSTEM_ROLES } from '../../src/iam/roles.ts'
import { ADMIN_ROLE } from '../../src/store/account-records.ts'

const DOMAIN = { id: 'd1', name: 'default' }
const IN_PROJECT: Scope = { kind: 'project', project: { id: 'p1', name: 'one' }, domain: DOMAIN }
const IN_DOMAIN: Scope = { kind: 'domain', domain: DOMAIN }

const ANY: Target = { kind: 'any' }
const project = (projectId: string): Target => ({ kind: 'project', projectId })

function principalWith(roles: readonly string[], scope: Scope, ...custom: readonly PolicyDocument[]): Principal {
  const known = SYSTEM_ROLES.filter(({ name }) => roles.includes(name)).map(({ policy }) => policy)
  return {
    user: { id: 'u', name: 'user', domain: DOMAIN },
    scope,
    roles,
    policies: [...known, ...custom].map(compilePolicy),
    policiesAnywhere: [...known, ...custom].map(compilePolicy),
  }
}

function verdict(roles: readonly string[], scope: Scope, action: string, target: Target): string {
  const principal = principalWith(roles, scope)
  try {
    authorize(principal, action, target)
    return 'allowed'
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}

it('the administrator role has the name te_admin, as in the vendor API', () => {
  expect(ADMIN_ROLE).toBe('te_admin')
})

describe('the scope of a token', () => {
  it.each([
    ['project token', 'its project', IN_PROJECT, project('p1'), 'allowed'],
    ['project token', 'another project', IN_PROJECT, project('p2'), 'scope-forbidden'],
    ['project token', 'a project named like its id', IN_PROJECT, project('one'), 'scope-forbidden'],
    ['project token', 'the id of its domain', IN_PROJECT, project('d1'), 'scope-forbidden'],
    ['project token', 'any scope', IN_PROJECT, ANY, 'allowed'],
    ['domain token', 'a project of its domain', IN_DOMAIN, project('p1'), 'scope-forbidden'],
    ['domain token', 'a project with the id of its domain', IN_DOMAIN, project('d1'), 'scope-forbidden'],
    ['domain token', 'any scope', IN_DOMAIN, ANY, 'allowed'],
  ] as const)('a %s on %s is checked by its scope', (_token, _where, scope, target, expected) => {
    expect(verdict(['te_admin'], scope, 'ims:images:update', target)).toBe(expected)
  })

  it('the scope is checked before the role', () => {
    expect(verdict([], IN_PROJECT, 'ims:images:list', project('p2'))).toBe('scope-forbidden')
    expect(verdict([], IN_PROJECT, 'ims:images:list', project('p1'))).toBe('action-forbidden')
  })
})

describe('the actions of a role', () => {
  const readings = [
    'ims:images:list',
    'ims:images:get',
    'gaussdb:tag:list',
    'gaussdb:instance:listAll',
    'iam:tokens:get',
    'iam:projects:list',
    'tagwerk:resources:list',
  ]
  const others = [
    'ims:images:update',
    'iam:tokens:create',
    'tagwerk:resources:import',
    'tagwerk:resources:delete',
    'gaussdb:instance:modify',
    'ims:list:update',
    'ims:images:update:get more',
    'ims:images:reget',
    'list',
    '',
  ]

  it.each([...readings, ...others])('role te_admin allows %j', (action) => {
    expect(verdict(['te_admin'], IN_PROJECT, action, project('p1'))).toBe('allowed')
  })

  it.each(readings)('role readonly allows %j', (action) => {
    expect(verdict(['readonly'], IN_PROJECT, action, project('p1'))).toBe('allowed')
    expect(verdict(['readonly'], IN_DOMAIN, action, ANY)).toBe('allowed')
  })

  it.each(others)('role readonly does not allow %j', (action) => {
    expect(verdict(['readonly'], IN_PROJECT, action, project('p1'))).toBe('action-forbidden')
    expect(verdict(['readonly'], IN_DOMAIN, action, ANY)).toBe('action-forbidden')
  })

  it.each(['', 'admin', 'TE_ADMIN', 'te_admin ', '__proto__', 'constructor', 'toString'])(
    'an unknown role %j allows nothing',
    (role) => {
      expect(verdict([role], IN_PROJECT, 'ims:images:list', project('p1'))).toBe('action-forbidden')
    },
  )

  it('no role allows nothing, and several roles allow the union of their actions', () => {
    expect(verdict([], IN_PROJECT, 'ims:images:list', ANY)).toBe('action-forbidden')
    expect(verdict(['unknown', 'readonly'], IN_PROJECT, 'ims:images:list', ANY)).toBe('allowed')
    expect(verdict(['readonly', 'unknown'], IN_PROJECT, 'ims:images:update', ANY)).toBe('action-forbidden')
    expect(verdict(['readonly', 'te_admin'], IN_PROJECT, 'ims:images:update', ANY)).toBe('allowed')
  })
})

describe('actions that need no role', () => {
  const narrow: PolicyDocument = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['ims:*:*'] }] }
  const deny = (...actions: string[]): PolicyDocument => ({
    Version: '1.1',
    Statement: [{ Effect: 'Deny', Action: actions }],
  })
  const may = (principal: Principal, action: string) => {
    try {
      authorize(principal, action, ANY)
      return true
    } catch {
      return false
    }
  }

  it.each([
    'iam:projects:listProjects',
    'iam:catalogs:getCatalog',
    'iam:users:getUser',
    'iam:users:updatePassword',
    'iam:credentials:createCredential',
  ])('%s needs no role unless a policy denies it', (action) => {
    expect(may(principalWith([], IN_PROJECT, narrow), action)).toBe(true)
    expect(may(principalWith(['te_admin'], IN_PROJECT, deny(action)), action)).toBe(false)
  })

  it('a Deny in any scope applies to actions on one’s own records', () => {
    const action = 'iam:credentials:createCredential'
    for (const scope of [IN_PROJECT, IN_DOMAIN]) {
      const principal = principalWith(['te_admin'], scope)
      const elsewhere = { ...principal, policiesAnywhere: principalWith([], scope, deny(action)).policies }
      expect(may(elsewhere, action)).toBe(false)
      const all = { ...principal, policiesAnywhere: [compilePolicy(deny('*:*:*'))] }
      expect(may(all, action)).toBe(false)
      // Reading the catalog and actions in a scope are denied only by policies of that scope.
      expect(may(all, 'iam:projects:listProjects')).toBe(true)
      expect(may({ ...elsewhere, policiesAnywhere: [compilePolicy(deny('*:*:*'))] }, 'ims:images:list')).toBe(true)
    }
  })

  it.each(['iam:users:listUsers', 'iam:users:createUser', 'iam:permissions:grantRoleToUserOnProject'])(
    '%s needs a role',
    (action) => {
      expect(may(principalWith([], IN_DOMAIN, narrow), action)).toBe(false)
    },
  )

  it('managing records of others needs a domain scope and an explicit Allow', () => {
    const action = 'iam:credentials:createCredential'
    expect(mayManage(principalWith(['te_admin'], IN_DOMAIN), action)).toBe(true)
    expect(mayManage(principalWith(['te_admin'], IN_PROJECT), action)).toBe(false)
    expect(mayManage(principalWith(['readonly'], IN_DOMAIN), action)).toBe(false)
    expect(mayManage(principalWith([], IN_DOMAIN, narrow), action)).toBe(false)
    expect(mayManage(principalWith(['te_admin'], IN_DOMAIN, deny('iam:credentials:*')), action)).toBe(false)
  })
})
