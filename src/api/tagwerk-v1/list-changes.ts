import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { toTimeMs } from '../moment.ts'
import { defineRoute, type Route } from '../route.ts'
import { changeConditions, revisionBounds, toChangeFilter } from './activity-parts.ts'
import { changesAnswer, changesBody, changesLimit } from './change-body.ts'
import { HISTORY_LIMITS } from './limits.ts'

const time = (description: string) => Type.Optional(Type.String({ description: `${description} RFC 3339.` }))

/** Lists the changes of a project, newest first (contract 10.14). */
export function listChanges(catalog: Catalog, accounts: Accounts, types: ResourceTypes): Route {
  return defineRoute({
    id: 'ListChanges',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/changes',
    summary: 'List the changes of a project, newest first',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String() }),
    query: Type.Object({
      ...revisionBounds,
      since: time('Only changes at this time or later.'),
      until: time('Only changes at this time or earlier.'),
      ...changeConditions,
      limit: changesLimit,
    }),
    responses: { 200: changesAnswer },
    handle: async ({ params: { project_id: project }, query, caller: { principal } }) => {
      const { after, before, since, until, limit = HISTORY_LIMITS.limitDefault } = query
      const filter = {
        ...(await toChangeFilter({ accounts, types }, principal, query)),
        ...{ after, before },
        sinceMs: since === undefined ? undefined : toTimeMs(since, 'since'),
        untilMs: until === undefined ? undefined : toTimeMs(until, 'until'),
      }
      const page = await catalog.history.ofProject(project, filter, limit)
      return { status: 200, ...(await changesBody(accounts, principal, project, page)), revision: page.revision }
    },
  })
}
