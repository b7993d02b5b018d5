import { DomainError } from '../../core/errors.ts'
import { requireFirstDomain } from '../../iam/domains.ts'
import { defineRoute, type Route } from '../route.ts'

/**
 * Puts the whole service back to its state after the seed. Throws `action-forbidden` unless the service was started with
 * `--resettable`; `reset` is undefined then.
 */
export function resetService(reset: (() => Promise<void>) | undefined): Route {
  return defineRoute({
    id: 'ResetService',
    method: 'POST',
    path: '/tagwerk/v1/reset',
    summary: 'Put an ephemeral service back to its state after the start',
    access: 'domain',
    action: 'tagwerk:service:reset',
    responses: { 204: null },
    handle: async ({ caller }) => {
      requireFirstDomain(caller.principal)
      if (reset === undefined) {
        throw new DomainError('action-forbidden', {
          detail: 'This service was not started with --ephemeral --resettable.',
        })
      }
      await reset()
      return { status: 204 }
    },
  })
}
