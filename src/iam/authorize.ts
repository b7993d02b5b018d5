import { DomainError, type Facts } from '../core/errors.ts'
import { decide } from './policy.ts'
import type { Principal, Scope } from './principal.ts'

/**
 * The actions that need no role, as on the vendor's pages ("no special permission requirements"): reading the catalog, and
 * managing one's own user and access keys. Their handlers restrict callers to their own records. A Deny still applies.
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

/** The scope that a call requires: one project, any project, a domain, or any scope. */
export type Target =
  | { readonly kind: 'project'; readonly projectId: string }
  | { readonly kind: 'any-project' | 'domain' | 'any' }

/**
 * Authorizes an action. Throws `scope-forbidden` when the principal's scope does not match the target (contract D15:
 * whether or not that target exists), and `action-forbidden` when its policies do not allow the action.
 */
export function authorize(principal: Principal, action: string, target: Target): void {
  if (!isWithin(principal.scope, target)) throw new DomainError('scope-forbidden', scopeFacts(principal, target))
  const allowed = allowedActionsOf(principal)
  if (allowed.has(action)) return
  const permission = permissionOf(principal, action)
  if (permission === 'denied' || permission === 'not-granted') {
    throw new DomainError('action-forbidden', { action, isDenied: permission === 'denied' })
  }
  allowed.add(action)
}

/**
 * Whether policies allow an action; if not, whether one of them denies it, or none grants it. `own`: none grants it, but it
 * needs no role for the caller's own records.
 */
export type Permission = 'allowed' | 'own' | 'denied' | 'not-granted'

/** Decides whether the policies of a principal allow an action in its scope. */
export function permissionOf(principal: Principal, action: string): Permission {
  const isOpen = OPEN_ACTIONS.has(action)
  // One's own records belong to no project, so a Deny in any scope applies: changing the scope must not evade it.
  const isOwnRecord = isOpen && /^iam:(users|credentials):/.test(action)
  const decision = decide(isOwnRecord ? principal.policiesAnywhere : principal.policies, action)
  if (decision === 'denied') return 'denied'
  // A role elsewhere grants nothing here.
  const isGranted = decide(principal.policies, action) === 'allowed'
  if (isGranted) return 'allowed'
  return isOpen ? 'own' : 'not-granted'
}

/** Cache of the actions that were allowed to a principal. Principals are immutable, so entries never become stale. */
const allowedActions = new WeakMap<Principal, Set<string>>()

function allowedActionsOf(principal: Principal): Set<string> {
  let allowed = allowedActions.get(principal)
  if (allowed === undefined) {
    allowed = new Set()
    allowedActions.set(principal, allowed)
  }
  return allowed
}

/**
 * The kind of scope that the target needs, if the principal has the other kind. Two ids of projects are not compared, so
 * that the answer is the same for every other project (contract D15).
 */
function scopeFacts({ scope }: Principal, target: Target): Facts {
  const needed = target.kind === 'domain' ? 'domain' : 'project'
  return needed === scope.kind ? {} : { neededScope: needed, domainName: scope.domain.name }
}

/** The error for a principal that `mayManage` refuses. */
export function managementForbidden({ scope }: Principal, action: string): DomainError {
  const isInDomain = scope.kind === 'domain'
  return new DomainError('action-forbidden', {
    action,
    ...(!isInDomain && { neededScope: 'domain', domainName: scope.domain.name }),
  })
}

/** Says whether a principal may perform an action on records of others: only with a domain scope and an explicit Allow. */
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
