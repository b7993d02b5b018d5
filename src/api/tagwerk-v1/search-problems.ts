import { Type } from 'typebox'
import type { FoundResource } from '../../catalog/catalog.ts'
import { asOfMember } from '../as-of.ts'
import { joinInSlices } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf, tagQueryMembers, toTagQuery } from '../tag-query-body.ts'
import { type ComplianceParts, policyOf, policyOrName, refuseUnknownKey } from './compliance-parts.ts'
import { problemName, problemsCsv } from './compliance-view.ts'
import { filterMember, toFilter } from './conditions.ts'
import { QUERY_LIMITS, SEARCH_PAGE_LIMITS } from './limits.ts'
import {
  afterCursor,
  facetRequests,
  preparedSearch,
  type SearchCatalog,
  search,
  searchAnswer,
  searchLimit,
} from './search-parts.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'
import { keyParameter } from './tag-counts.ts'

/** Searches the resources that do not comply with a policy, as `SearchResources` does among all (contract 10.41). */
export function searchProblems(parts: ComplianceParts): Route {
  const { catalog, compliance, types: known } = parts
  return defineRoute({
    id: 'SearchProblems',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/compliance/resources',
    summary: 'Search the resources that do not comply with a tag policy',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    body: Type.Object({
      policy: policyOrName,
      key: Type.Optional({ ...keyParameter, description: 'A key of the policy; default: any.' }),
      problem: Type.Optional(problemName),
      types: searchedTypes,
      filter: filterMember,
      query: Type.Optional(Type.Object(tagQueryMembers(QUERY_LIMITS))),
      limit: searchLimit,
      after: afterCursor,
      facets: Type.Optional(facetRequests),
      format: Type.Optional(oneOf(['json', 'csv'], { description: '`csv`: a row for each problem of each resource.' })),
      as_of: asOfMember,
    }),
    prepareBody: preparedSearch,
    responses: { 200: searchAnswer },
    handle: async ({ params: { project_id: project }, body, caller: { principal } }) => {
      const policy = await policyOf(parts, principal, project, body.policy)
      refuseUnknownKey(policy, body.key)
      const types = await toSearchedTypes(body.types, known, catalog, [project], 'types')
      const filter = { policy, key: body.key, problem: body.problem }
      let found: readonly FoundResource[] = []
      const among: SearchCatalog = {
        search: async (id, searched, request) => {
          const result = await compliance.search(id, searched, filter, request)
          found = result.resources
          return result
        },
      }
      const answer = await search(among, {
        project,
        types,
        query: {
          ...(body.query && toTagQuery(body.query)),
          ...(body.filter !== undefined && { filter: toFilter(body.filter, 'filter') }),
        },
        limit: body.limit ?? SEARCH_PAGE_LIMITS.limitDefault,
        after: body.after,
        facets: body.facets,
      })
      if (body.format !== 'csv') return { status: 200, ...answer }
      answer.release()
      const csv = await joinInSlices(problemsCsv(policy, found), project)
      const headers = { 'content-type': 'text/csv; charset=utf-8' }
      return { status: 200, ...csv, headers, revision: answer.revision }
    },
  })
}
