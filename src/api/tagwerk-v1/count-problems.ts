import { Type } from 'typebox'
import { asOfMember } from '../as-of.ts'
import { defineRoute, type Route } from '../route.ts'
import { type ComplianceParts, policyOf, policyOrName } from './compliance-parts.ts'
import { complianceAnswer, toComplianceBody } from './compliance-view.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'

/** Counts how the resources of a project comply with a policy that need not be stored (contract 10.41). */
export function countProblems(parts: ComplianceParts): Route {
  const { catalog, compliance, types: known } = parts
  return defineRoute({
    id: 'CountProblems',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/compliance',
    summary: 'Count how the resources of a project comply with a given tag policy',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    body: Type.Object({ policy: policyOrName, types: searchedTypes, as_of: asOfMember }),
    responses: { 200: complianceAnswer },
    handle: async ({ params: { project_id: project }, body, caller: { principal } }) => {
      const policy = await policyOf(parts, principal, project, body.policy)
      const types = await toSearchedTypes(body.types, known, catalog, [project], 'types')
      const counted = await compliance.count(project, policy, types)
      return {
        status: 200,
        body: toComplianceBody(counted.revision, policy, counted.types),
        revision: counted.revision,
      }
    },
  })
}
