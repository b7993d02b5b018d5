import { Type } from 'typebox'
import { asOfParameter } from '../as-of.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { type ComplianceParts, policyOf } from './compliance-parts.ts'
import { complianceAnswer, toComplianceBody } from './compliance-view.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'

/** Counts how the resources of a project comply with its tag policies, or with one of them (contract 10.41). */
export function showCompliance(parts: ComplianceParts): Route {
  const { catalog, compliance, types: known } = parts
  return defineRoute({
    id: 'ShowCompliance',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/compliance',
    summary: 'Count how the resources of a project comply with its tag policies',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      policy: Type.Optional(
        Type.String({
          minLength: 1,
          description: 'Name of a policy of the project, or of its domain; default: all that apply.',
        }),
      ),
      types: searchedTypes,
      as_of: asOfParameter,
    }),
    responses: { 200: complianceAnswer },
    handle: async ({ params: { project_id: project }, query, caller: { principal } }) => {
      const policy = await policyOf(parts, principal, project, query.policy)
      const types = await toSearchedTypes(query.types, known, catalog, [project], 'types')
      const { revision, types: counted } = await compliance.count(project, policy, types)
      return { status: 200, body: toComplianceBody(revision, policy, counted), revision }
    },
  })
}
