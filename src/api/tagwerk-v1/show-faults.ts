import { Type } from 'typebox'
import { type Faults, familyFaults } from '../faults.ts'
import { defineRoute, type Route } from '../route.ts'

/** What goes wrong on purpose, by family. */
export const faultsBody = Type.Object({ families: Type.Record(Type.String(), familyFaults) })

/** Shows which faults are made on purpose. */
export function showFaults(faults: Faults): Route {
  return defineRoute({
    id: 'ShowFaults',
    method: 'GET',
    path: '/tagwerk/v1/faults',
    summary: 'Show which faults are made on purpose',
    access: 'domain',
    action: 'tagwerk:faults:get',
    responses: { 200: faultsBody },
    handle: async () => ({ status: 200, body: { families: faults.plan } }),
  })
}
