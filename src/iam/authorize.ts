import { DomainError } from '../core/errors.ts'
import { decide } from './policy.ts'
import type { Principal, Scope } from './principal.ts'

/**
 * What everybody may do without a role that says so, as the vendor's pages have it ("no special permission
 * requirements"): find one's way, and look after what is one's own. The calls hold everybody to their own. A Deny of an
 * administrator counts here too.
 */
const OPEN_ACTIONS: ReadonlySet<string> = new Set([
  'iam:tokens:get',
  'iam:domains:listDomains',
  'iam:domains:getDomain',
  'iam:projects:listProjects',
  'iam:projects:getProject',
  'iam:projects:listProjectsForUser',
  'iam:catalogs:getCatalog',
  'iam:services:listServices',
  'iam:services:getService',
  'iam:endpoints:listEndpoints',
  'iam:endpoints:getEndpoint',
  'iam:regions:listRegions',
  'iam:regions:getRegion',
  'iam:users:getUser',
  'iam:users:updatePassword',
  'iam:credentials:createCredential',
  'iam:credentials:listCredentials',
  'iam:credentials:getCredential',
  'iam:credentials:updateCredential',
  'iam:credentials:deleteCredential',
])

/** Where a call does its work: in one project, in the one the caller's scope is, in a domain, or wherever the scope lies. */
export type Target =
  | { readonly kind: 'project'; readonly projectId: string }
  | { readonly kind: 'any-project' | 'domain' | 'any' }

/**
 * Says no by throwing: `scope-forbidden` when the principal's scope is not the target (contract D15: whether or not
 * that target exists), `action-forbidden` when its policies do not allow the action.
 */
export function authorize(principal: Principal, action: string, target: Target): void {
  if (!isWithin(principal.scope, target)) throw new DomainError('scope-forbidden')
  const allowed = allowedOf(principal)
  if (allowed.has(action)) return
  const isOpen = OPEN_ACTIONS.has(action)
  // What is one's own lies in no project: nobody gets past a Deny by asking from another place.
  const isOwn = isOpen && /^iam:(users|credentials):/.test(action)
  const decision = decide(isOwn ? principal.policiesAnywhere : principal.policies, action)
  if (decision === 'denied' || (decision === 'unmentioned' && !isOpen)) throw new DomainError('action-forbidden')
  allowed.add(action)
}

/** What principals were found to be allowed. A principal never changes: who it is then, is another. */
const allowances = new WeakMap<Principal, Set<string>>()

function allowedOf(principal: Principal): Set<string> {
  let allowed = allowances.get(principal)
  if (allowed === undefined) {
    allowed = new Set()
    allowances.set(principal, allowed)
  }
  return allowed
}

/**
 * Says whether a principal may do something to what belongs to others: only in a whole domain, with a role that says
 * so.
 */
export function mayManage(principal: Principal, action: string): boolean {
  return principal.scope.kind === 'domain' && decide(principal.policies, action) === 'allowed'
}

function isWithin(scope: Scope, target: Target): boolean {
  switch (target.kind) {
    case 'project':
      return scope.kind === 'project' && scope.project.id === target.projectId
    case 'any-project':
      return scope.kind === 'project'
    case 'domain':
      return scope.kind === 'domain'
    case 'any':
      return true
  }
}
