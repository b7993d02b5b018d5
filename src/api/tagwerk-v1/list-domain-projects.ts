import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { visibleProjects } from '../../iam/managed-records.ts'
import { defineRoute, type Route } from '../route.ts'
import { accountListQuery, nextMarker, pageOf } from './account-pages.ts'
import { projectAccount, projectAccounts } from './project-account.ts'

/** Lists the projects of the domain, or those in which the caller has a role, by name (contract 10.91). */
export function listDomainProjects(accounts: Accounts, catalog: Catalog): Route {
  return defineRoute({
    id: 'ListDomainProjects',
    method: 'GET',
    path: '/tagwerk/v1/domain/projects',
    summary: 'List the projects of the domain',
    access: 'domain',
    action: 'iam:projects:listProjects',
    query: accountListQuery({}),
    responses: { 200: Type.Object({ projects: Type.Array(projectAccount), next_marker: nextMarker }) },
    handle: async ({ caller, query }) => {
      const all = await visibleProjects(accounts, caller.principal)
      const { items, next } = pageOf(all, ({ name }) => [name], query, 1)
      return { status: 200, body: { projects: await projectAccounts(catalog, items), ...next } }
    },
  })
}
