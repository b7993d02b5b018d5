import { Type } from 'typebox'
import type { Catalog, Page } from '../../catalog/catalog.ts'
import type { IndexedResource } from '../../core/resource.ts'
import type { ResourceType, ResourceTypes } from '../../core/resource-types.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { prepareTagQuery } from '../tag-query-body.ts'
import { toConditions } from './conditions.ts'
import { resourceJson, resourceMembers, sumOf } from './found-resource.ts'
import { QUERY_PAGE_LIMITS } from './limits.ts'
import { projectsOfDomain } from './projects.ts'
import { queryBody } from './query-resources.ts'
import { toSearchedTypes } from './searched-types.ts'

const ACTION = 'tagwerk:resources:list'

/** Projects that are counted side by side. */
const PROJECTS_AT_ONCE = 16

const ofTypes = Type.Record(Type.String(), Type.Integer())

/**
 * Finds resources of all types in all projects of the domain (contract 10.7): by project name, then type by type, each
 * oldest first, with exact totals by project and type. Each project is at one revision of its own.
 */
export function queryDomainResources(catalog: Catalog, accounts: Accounts, known: ResourceTypes): Route {
  return defineRoute({
    id: 'QueryDomainResources',
    method: 'POST',
    path: '/tagwerk/v1/domain/resources/query',
    summary: 'Find or count resources of all types in all projects of the domain',
    access: 'domain',
    action: ACTION,
    asOf: 'time',
    body: queryBody,
    prepareBody: prepareTagQuery,
    responses: {
      200: Type.Object({
        total_count: Type.Integer({ description: 'Number of all matches, on all pages.' }),
        counts: ofTypes,
        projects: Type.Array(
          Type.Object({
            project_id: Type.String(),
            project_name: Type.String(),
            total_count: Type.Integer(),
            counts: ofTypes,
          }),
          { description: 'The projects with matches, by name.' },
        ),
        resources: Type.Array(
          Type.Object({ project_id: Type.String(), project_name: Type.String(), ...resourceMembers }),
        ),
      }),
    },
    handle: async ({ body, caller: { principal } }) => {
      const projects = await projectsOfDomain(accounts, principal, ACTION)
      const ids = projects.map(({ id }) => id)
      const types = await toSearchedTypes(body.resource_types, known, catalog, ids)
      const page = { offset: body.offset ?? 0, limit: body.limit ?? QUERY_PAGE_LIMITS.limitDefault }
      const { totals, found } = await findIn(catalog, projects, types, toConditions(body), page)
      const json = jsonArray(headJson(totals), found, foundJson, '}')
      return { status: 200, ...(await joinInSlices(json, principal.scope.domain.id)) }
    },
  })
}

type Totals = { readonly project: Project; readonly ofTypes: ReadonlyMap<ResourceType, number> }
type Found = { readonly project: Project; readonly type: ResourceType; readonly resource: IndexedResource }

/** Counts in all projects, a number of them side by side, then reads the page from those that it falls in. */
async function findIn(
  catalog: Catalog,
  projects: readonly Project[],
  types: readonly ResourceType[] | undefined,
  query: TagQuery,
  { offset, limit }: Page,
): Promise<{ readonly totals: readonly Totals[]; readonly found: readonly Found[] }> {
  const totals: Totals[] = []
  for (let i = 0; i < projects.length; i += PROJECTS_AT_ONCE) {
    const some = projects.slice(i, i + PROJECTS_AT_ONCE)
    const answers = some.map((project) => catalog.findAll(project.id, types, query, { offset: 0, limit: 0 }))
    for (const [at, { totals: ofTypes }] of (await Promise.all(answers)).entries()) {
      totals.push({ project: some[at] as Project, ofTypes })
    }
  }
  const found: Found[] = []
  let before = 0
  for (const { project, ofTypes } of totals) {
    const rest = { offset: Math.max(0, offset - before), limit: limit - found.length }
    const total = sumOf(ofTypes)
    before += total
    if (rest.limit === 0 || rest.offset >= total) continue
    const { resources } = await catalog.findAll(project.id, types, query, rest)
    for (const { type, resource } of resources) found.push({ project, type, resource })
  }
  return { totals, found }
}

/** The answer up to its resources. */
function headJson(totals: readonly Totals[]): string {
  const counts = new Map<string, number>()
  for (const { ofTypes } of totals) {
    for (const [type, count] of ofTypes) counts.set(type, (counts.get(type) ?? 0) + count)
  }
  const projects = totals
    .map(({ project: { id, name }, ofTypes }) => ({
      project_id: id,
      project_name: name,
      total_count: sumOf(ofTypes),
      counts: Object.fromEntries(ofTypes),
    }))
    .filter(({ total_count }) => total_count > 0)
  const head = { total_count: sumOf(counts), counts: Object.fromEntries([...counts].sort()), projects }
  return `${JSON.stringify(head).slice(0, -1)},"resources":`
}

function foundJson({ project: { id, name }, type, resource }: Found): string {
  return resourceJson(type, resource, { project_id: id, project_name: name })
}
