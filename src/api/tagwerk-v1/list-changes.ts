import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { toTimeMs } from '../moment.ts'
import { defineRoute, type Route } from '../route.ts'
import { toActorId } from './actors.ts'
import { changesAnswer, changesBody, changesLimit } from './change-body.ts'
import { HISTORY_LIMITS } from './limits.ts'
import { searchedTypes } from './searched-types.ts'
import { keyParameter } from './tag-counts.ts'

const time = (description: string) => Type.Optional(Type.String({ description: `${description} RFC 3339.` }))

/** Lists the changes of a project, newest first (contract 10.14). */
export function listChanges(catalog: Catalog, accounts: Accounts, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ListChanges',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/changes',
    summary: 'List the changes of a project, newest first',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String() }),
    query: Type.Object({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only changes above this revision.' })),
      before: Type.Optional(
        Type.Integer({ minimum: 1, description: 'Only changes below this revision: `next` of the page before.' }),
      ),
      since: time('Only changes at this time or later.'),
      until: time('Only changes at this time or earlier.'),
      actor: Type.Optional(Type.String({ minLength: 1, description: 'Only changes by this user: a name or an id.' })),
      resource_type: searchedTypes,
      key: Type.Optional({
        ...keyParameter,
        description: 'Only changes that add, change or remove the tag with this key.',
      }),
      cause: Type.Optional(Type.String({ minLength: 1, description: 'Only changes with this cause.' })),
      limit: changesLimit,
    }),
    responses: { 200: changesAnswer },
    handle: async ({ params: { project_id: project }, query, caller: { principal } }) => {
      const { after, before, since, until, actor, key, cause, limit = HISTORY_LIMITS.limitDefault } = query
      const types = query.resource_type?.map((name, i) => toResourceType(known, name, `resource_type[${i}]`))
      const filter = {
        ...{ after, before, key, cause, types },
        sinceMs: since === undefined ? undefined : toTimeMs(since, 'since'),
        untilMs: until === undefined ? undefined : toTimeMs(until, 'until'),
        actor: actor === undefined ? undefined : await toActorId(accounts, principal, actor),
      }
      const page = await catalog.history.ofProject(project, filter, limit)
      return { status: 200, ...(await changesBody(accounts, principal, project, page)), revision: page.revision }
    },
  })
}
