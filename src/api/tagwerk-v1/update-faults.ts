import { DomainError, invalid } from '../../core/errors.ts'
import { requireFirstDomain } from '../../iam/domains.ts'
import type { FaultInjector } from '../fault-injector.ts'
import { defineRoute, type Route } from '../route.ts'
import { faultsBody } from './show-faults.ts'

/** The families that faults can be injected into: all but this one, which is needed to end the faults. */
const FAULTY_FAMILIES: readonly string[] = ['ims-v2', 'taurusdb-v3', 'tms-v1', 'iam-v3']

/** Replaces the fault plan. Throws `action-forbidden` unless the service was started with `--faults on`. */
export function updateFaults(faults: FaultInjector): Route {
  return defineRoute({
    id: 'UpdateFaults',
    method: 'PUT',
    path: '/tagwerk/v1/faults',
    summary: 'Inject errors or delays into a share of the calls of a family',
    access: 'domain',
    action: 'tagwerk:faults:update',
    body: faultsBody,
    responses: { 200: faultsBody },
    handle: async ({ caller, body }) => {
      requireFirstDomain(caller.principal)
      if (!faults.isAllowed) {
        throw new DomainError('action-forbidden', { detail: 'This service was not started with --faults on.' })
      }
      for (const name of Object.keys(body.families)) {
        if (!FAULTY_FAMILIES.includes(name)) {
          throw invalid(`families.${name}`, { name: 'one-of', allowed: FAULTY_FAMILIES })
        }
      }
      faults.setPlan(body.families)
      return { status: 200, body: { families: faults.plan } }
    },
  })
}
