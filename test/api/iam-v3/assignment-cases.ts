import type { Scenario } from '../scenarios.ts'
import { asked, FORBIDDEN, needsDomain, needsManager, notFound, statusOnly } from './world.ts'

/** The ids of the system roles. */
export const TE_ADMIN = 'b3a1c5d0e64f4c0f9a7d2e8f10000001'
export const READONLY = 'b3a1c5d0e64f4c0f9a7d2e8f10000002'

/** Paths of the scopes in which a user can have roles. */
export const IN_PROJECT = '/v3/projects/{project}'
export const IN_DOMAIN = '/v3/domains/{domain}'

/** Scenarios of errors that all operations on one role of a user share. `scope` is one of the two paths above. */
export function commonErrors(method: string, scope: string): Scenario[] {
  const path = (user: string, role: string, base = scope) => `${base}/users/${user}/roles/${role}`
  const show = method === 'HEAD' ? statusOnly : (expected: ReturnType<typeof notFound>) => expected
  const request = { method, path: path('{reader}', READONLY) }
  return [
    ...(method === 'HEAD' ? needsDomain(request) : needsManager(request)),
    asked('an unknown user is answered with 404', method, path('none', READONLY), show(notFound('user_id', 'none'))),
    asked('an unknown role is answered with 404', method, path('{reader}', 'none'), show(notFound('role_id', 'none'))),
    asked(
      'the name of a role instead of its id is answered with 404',
      method,
      path('{reader}', 'readonly'),
      show(notFound('role_id')),
    ),
    scope === IN_PROJECT
      ? asked(
          'an unknown project is answered with 404',
          method,
          path('{reader}', READONLY, '/v3/projects/none'),
          show(notFound('project_id', 'none')),
        )
      : asked(
          'a request for another domain is answered with 403',
          method,
          path('{reader}', READONLY, '/v3/domains/other'),
          show(FORBIDDEN),
        ),
  ]
}
