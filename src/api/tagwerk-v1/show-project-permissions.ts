import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { permissionsBody, permissionsView } from './permissions-view.ts'

/** Says what the caller may do in a project (contract 10.81). `actions`: those of the operations of this API. */
export function showProjectPermissions(actions: readonly string[]): Route {
  return defineRoute({
    id: 'ShowProjectPermissions',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/permissions',
    summary: 'Show what the caller may do in a project',
    access: 'project',
    action: 'iam:tokens:get',
    params: Type.Object({ project_id: Type.String() }),
    responses: { 200: permissionsBody },
    handle: async ({ caller }) => ({ status: 200, body: permissionsView(caller.principal, actions) }),
  })
}
