import type { Scenario } from '../scenarios.ts'
import { asked, FORBIDDEN, needsDomain, needsManager, notFound, statusOnly } from './world.ts'

/** The ids of the roles that came with the service. */
export const TE_ADMIN = 'b3a1c5d0e64f4c0f9a7d2e8f10000001'
export const READONLY = 'b3a1c5d0e64f4c0f9a7d2e8f10000002'

/** The places in which a user may have roles. */
export const IN_PROJECT = '/v3/projects/{project}'
export const IN_DOMAIN = '/v3/domains/{domain}'

/** What the calls about one role of one user refuse alike. `place` is one of the two above. */
export function refusedAlike(method: string, place: string): Scenario[] {
  const path = (user: string, role: string, at = place) => `${at}/users/${user}/roles/${role}`
  const show = method === 'HEAD' ? statusOnly : (expected: ReturnType<typeof notFound>) => expected
  const request = { method, path: path('{reader}', READONLY) }
  return [
    ...(method === 'HEAD' ? needsDomain(request) : needsManager(request)),
    asked('404 to an unknown user', method, path('none', READONLY), show(notFound('user_id', 'none'))),
    asked('404 to an unknown role', method, path('{reader}', 'none'), show(notFound('role_id', 'none'))),
    asked('404 to the name of a role', method, path('{reader}', 'readonly'), show(notFound('role_id'))),
    place === IN_PROJECT
      ? asked(
          '404 to an unknown project',
          method,
          path('{reader}', READONLY, '/v3/projects/none'),
          show(notFound('project_id', 'none')),
        )
      : asked('403 to another domain', method, path('{reader}', READONLY, '/v3/domains/other'), show(FORBIDDEN)),
  ]
}
