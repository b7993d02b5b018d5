import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectsOfDomain } from './projects.ts'
import { toSearchedTypes } from './searched-types.ts'
import { countIn, keyParameter, tagCountsAnswer, tagCountsBody, tagCountsQuery } from './tag-counts.ts'

const ACTION = 'tagwerk:resources:list'

/** Lists the values of a key in all projects of the domain, with the number of resources (contract 10.12). */
export function listDomainTagValues(catalog: Catalog, accounts: Accounts, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ListDomainTagValues',
    method: 'GET',
    path: '/tagwerk/v1/domain/tag-values',
    summary: 'List the values of a key in all projects of the domain with the number of resources',
    access: 'domain',
    action: ACTION,
    asOf: 'time',
    query: listQuery({ key: keyParameter, ...tagCountsQuery }),
    responses: { 200: tagCountsAnswer('values', 'value') },
    handle: async ({ query, caller: { principal } }) => {
      const projects = (await projectsOfDomain(accounts, principal, ACTION)).map(({ id }) => id)
      const types = await toSearchedTypes(query.resource_type, known, catalog, projects, 'resource_type')
      const page = await countIn(catalog, projects, types, query.key, query)
      return { status: 200, body: tagCountsBody('values', 'value', page) }
    },
  })
}
