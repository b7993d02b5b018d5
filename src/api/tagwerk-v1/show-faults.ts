import { Type } from 'typebox'
import { requireFirstDomain } from '../../iam/domains.ts'
import type { FaultInjector } from '../fault-injector.ts'
import { familyFaults } from '../fault-plan.ts'
import { defineRoute, type Route } from '../route.ts'

/** The fault plan, by family. */
export const faultsBody = Type.Object({ families: Type.Record(Type.String(), familyFaults) })

/** Shows the current fault plan. */
export function showFaults(faults: FaultInjector): Route {
  return defineRoute({
    id: 'ShowFaults',
    method: 'GET',
    path: '/tagwerk/v1/faults',
    summary: 'Show the current fault plan',
    access: 'domain',
    action: 'tagwerk:faults:get',
    responses: { 200: faultsBody },
    handle: async ({ caller }) => {
      requireFirstDomain(caller.principal)
      return { status: 200, body: { families: faults.plan } }
    },
  })
}
