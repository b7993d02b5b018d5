import { defineRoute, type Route } from '../route.ts'
import { permissionsBody, permissionsView } from './permissions-view.ts'

/** Says what the caller may do in its domain (contract 10.81). `actions`: those of the operations of this API. */
export function showDomainPermissions(actions: readonly string[]): Route {
  return defineRoute({
    id: 'ShowDomainPermissions',
    method: 'GET',
    path: '/tagwerk/v1/domain/permissions',
    summary: 'Show what the caller may do in its domain',
    access: 'domain',
    action: 'iam:tokens:get',
    responses: { 200: permissionsBody },
    handle: async ({ caller }) => ({ status: 200, body: permissionsView(caller.principal, actions) }),
  })
}
