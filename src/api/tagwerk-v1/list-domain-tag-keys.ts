import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectsOfDomain } from './projects.ts'
import { toSearchedTypes } from './searched-types.ts'
import { countIn, tagCountsAnswer, tagCountsBody, tagCountsQuery } from './tag-counts.ts'

const ACTION = 'tagwerk:resources:list'

/** Lists the keys in use in all projects of the domain, with the number of resources (contract 10.12). */
export function listDomainTagKeys(catalog: Catalog, accounts: Accounts, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ListDomainTagKeys',
    method: 'GET',
    path: '/tagwerk/v1/domain/tag-keys',
    summary: 'List the keys in use in all projects of the domain with the number of resources',
    access: 'domain',
    action: ACTION,
    asOf: 'time',
    query: listQuery(tagCountsQuery),
    responses: { 200: tagCountsAnswer('keys', 'key') },
    handle: async ({ query, caller: { principal } }) => {
      const projects = (await projectsOfDomain(accounts, principal, ACTION)).map(({ id }) => id)
      const types = await toSearchedTypes(query.resource_type, known, catalog, projects, 'resource_type')
      const page = await countIn(catalog, projects, types, undefined, query)
      return { status: 200, body: tagCountsBody('keys', 'key', page) }
    },
  })
}
