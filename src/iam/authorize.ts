import { DomainError } from '../core/errors.ts'
import type { Principal } from './principal.ts'

/** The role that may do everything in its scope. */
export const ADMIN_ROLE = 'te_admin'

/** Which actions each role allows, by the vendor's names such as `ims:images:list`. A role not listed allows nothing. */
const ROLES: ReadonlyMap<string, (action: string) => boolean> = new Map([
  [ADMIN_ROLE, () => true],
  ['readonly', (action: string) => /:(list|get)\w*$/.test(action)],
])

/** Where a call does its work: in the project named by its path, or wherever the caller's scope lies. */
export type Target = { readonly kind: 'project'; readonly projectId: string } | { readonly kind: 'any' }

/**
 * Says no by throwing: `scope-forbidden` when the principal's scope is not the target (contract D15: whether or not
 * that target exists), `action-forbidden` when none of its roles allows the action.
 */
export function authorize(principal: Principal, action: string, target: Target): void {
  const { scope } = principal
  if (target.kind === 'project' && (scope.kind !== 'project' || scope.project.id !== target.projectId)) {
    throw new DomainError('scope-forbidden')
  }
  if (!principal.roles.some((role) => ROLES.get(role)?.(action))) throw new DomainError('action-forbidden')
}
