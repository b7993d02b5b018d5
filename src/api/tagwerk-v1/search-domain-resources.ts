import { Type } from 'typebox'
import type { Catalog, ProjectsCursor, ProjectsResult } from '../../catalog/catalog.ts'
import type { Expression } from '../../core/expression/expression.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { compareCodePoints } from '../../core/text.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { fromMarker, toMarker } from '../marker.ts'
import { defineRoute, type Route } from '../route.ts'
import { sumOf } from './found-resource.ts'
import { SEARCH_PAGE_LIMITS } from './limits.ts'
import { projectsOfDomain } from './projects.ts'
import {
  answerMembers,
  cursorAt,
  foundJson,
  foundMembers,
  openObject,
  PLACE_KINDS,
  placeOf,
  preparedSearch,
  searchBody,
  tailJson,
  toCombined,
  toSearchedQuery,
  totalsOf,
} from './search-parts.ts'
import { toSearchedTypes } from './searched-types.ts'

const ACTION = 'tagwerk:resources:list'

const ofProject = { project_id: Type.String(), project_name: Type.String() }

/**
 * Searches the resources of all types in all projects of the domain, with facets (contract 10.70): by project name, then type
 * by type, each oldest first. Each project is at one revision of its own.
 */
export function searchDomainResources(catalog: Catalog, accounts: Accounts, known: ResourceTypes): Route {
  return defineRoute({
    id: 'SearchDomainResources',
    method: 'POST',
    path: '/tagwerk/v1/domain/resources/search',
    summary: 'Search resources in all projects of the domain by expression, with counts of values and keys',
    access: 'domain',
    action: ACTION,
    asOf: 'time',
    body: searchBody,
    prepareBody: preparedSearch,
    responses: {
      200: Type.Object({
        ...answerMembers,
        projects: Type.Array(
          Type.Object({
            ...ofProject,
            revision: Type.Integer({ description: 'The revision of the project that the answer is at.' }),
            total_count: Type.Integer(),
            counts: Type.Record(Type.String(), Type.Integer()),
          }),
          { description: 'The projects with matches, by name.' },
        ),
        resources: Type.Array(Type.Object({ ...ofProject, ...foundMembers })),
      }),
    },
    handle: async ({ body, caller: { principal } }) => {
      const projects = byName(await projectsOfDomain(accounts, principal, ACTION))
      const ids = projects.map(({ id }) => id)
      const types = await toSearchedTypes(body.types, known, catalog, ids, 'types')
      const query = toSearchedQuery(body)
      const { request, toMembers } = toCombined({ query, facets: body.facets, explain: body.explain })
      const owner = principal.scope.domain.id
      const result = await catalog.searchAll(types, {
        ...request,
        projects: ids,
        limit: body.limit ?? SEARCH_PAGE_LIMITS.limitDefault,
        after: toPosition(projects, body.after),
        owner,
      })
      const named = new Map(projects.map(({ id, name }) => [id, { project_id: id, project_name: name }]))
      const next = result.next && toMarker(toPlace(result.next, named.get(result.next.project)?.project_name ?? ''))
      const json = jsonArray(
        headJson(result, named, query.filter),
        result.resources,
        (found) => foundJson(found, named.get(found.project)),
        tailJson({ ...(next !== undefined && { next }), ...toMembers(result) }),
      )
      return { status: 200, ...(await joinInSlices(json, owner)) }
    },
  })
}

type Named = ReadonlyMap<string, { readonly project_id: string; readonly project_name: string }>

/** In the order of the cursors. */
function byName(projects: readonly Project[]): readonly Project[] {
  return projects.toSorted((a, b) => compareCodePoints(a.name, b.name))
}

/** The answer up to its resources. */
function headJson({ projects }: ProjectsResult, named: Named, filter: Expression | undefined): string {
  const sums = new Map<string, number>()
  for (const { totals } of projects) {
    for (const [type, count] of totals) sums.set(type, (sums.get(type) ?? 0) + count)
  }
  const ofProjects = projects
    .map(({ project, revision, totals }) => ({
      ...named.get(project),
      revision,
      total_count: sumOf(totals),
      counts: Object.fromEntries(totals),
    }))
    .filter(({ total_count }) => total_count > 0)
  const ascending = new Map([...sums].sort(([a], [b]) => compareCodePoints(a, b)))
  return `${openObject({ ...totalsOf(ascending, filter), projects: ofProjects })},"resources":`
}

function toPlace({ project, cursor }: ProjectsCursor, name: string) {
  return [name, project, ...placeOf(cursor)]
}

/** Where a page begins. When the project of the cursor is gone, that is the next one. Throws `marker-invalid`. */
function toPosition(projects: readonly Project[], after: string | undefined) {
  if (after === undefined) return { projectsBefore: 0, cursor: undefined }
  const [name, id, ...place] = fromMarker(after, ['string', 'string', ...PLACE_KINDS], 'after')
  const cursor = cursorAt(place, after)
  const projectsBefore = projects.filter((project) => compareCodePoints(project.name, name as string) < 0).length
  return { projectsBefore, cursor: projects[projectsBefore]?.id === id ? cursor : undefined }
}
