import { Type } from 'typebox'
import type { ActivityGroup, Catalog } from '../../catalog/catalog.ts'
import { listQuery } from '../list-query.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { toTimeMs } from '../moment.ts'
import { defineRoute, type Route } from '../route.ts'
import { type ConditionParts, changeConditions, revisionBounds, toChangeFilter } from './activity-parts.ts'
import { type Actor, readActors } from './actors.ts'
import { originMembers } from './change-body.ts'
import { ACTIVITY_LIMITS } from './limits.ts'

const { groupsDefault, groupsMax, keysShownMax } = ACTIVITY_LIMITS

const moment = Type.Object({ revision: Type.Integer(), at: Type.String() })

const answer = Type.Object({
  groups: Type.Array(
    Type.Object({
      id: Type.String({ description: 'The same for parts of a group on several pages.' }),
      ...originMembers,
      first: moment,
      last: moment,
      changes: Type.Integer(),
      resources: Type.Integer({ description: 'Different resources.' }),
      resource_name: Type.String({ description: 'Of the resource that was changed last.' }),
      created: Type.Integer(),
      updated: Type.Integer(),
      deleted: Type.Integer(),
      types: Type.Record(Type.String(), Type.Integer(), { description: 'Changes by resource type.' }),
      keys: Type.Array(
        Type.Object({
          key: Type.String(),
          added: Type.Integer(),
          changed: Type.Integer(),
          removed: Type.Integer(),
        }),
        { description: `Tags by key, the most frequent first; at most ${keysShownMax}.` },
      ),
      more_keys: Type.Integer({ description: 'Keys that are not in `keys`.' }),
      may_continue: Type.Boolean({ description: 'Its earlier changes were not read.' }),
    }),
  ),
  next: Type.Optional(
    Type.Integer({ description: 'The next page has the changes below it. Missing on the last page.' }),
  ),
  horizon: Type.Integer({ description: 'Changes up to this revision are no longer kept; 0: all are.' }),
})

/** Lists the changes of a project grouped by what they were a part of, newest first (contract 10.82). */
export function listChangeGroups(catalog: Catalog, parts: ConditionParts): Route {
  return defineRoute({
    id: 'ListChangeGroups',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/activity/groups',
    summary: 'List the changes of a project by plan or request, newest first',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      ...revisionBounds,
      since: Type.Optional(Type.String({ description: 'Only changes at this time or later. RFC 3339.' })),
      until: Type.Optional(Type.String({ description: 'Only changes at this time or earlier. RFC 3339.' })),
      ...changeConditions,
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: groupsMax, default: groupsDefault, 'x-error': 'limit-invalid' }),
      ),
    }),
    responses: { 200: answer },
    handle: async ({ params: { project_id: project }, query, caller: { principal } }) => {
      const { after, before, since, until, limit = groupsDefault } = query
      const filter = {
        ...(await toChangeFilter(parts, principal, query)),
        ...{ after, before },
        sinceMs: since === undefined ? undefined : toTimeMs(since, 'since'),
        untilMs: until === undefined ? undefined : toTimeMs(until, 'until'),
      }
      const { revision, horizon, groups, next } = await catalog.activity.groups(project, filter, limit)
      const actorOf = await readActors(
        parts.accounts,
        principal,
        groups.map(({ actor }) => actor),
      )
      const rest = `${next === undefined ? '' : `,"next":${next}`},"horizon":${horizon}}`
      const texts = jsonArray('{"groups":', groups, (group) => JSON.stringify(toBody(group, actorOf)), rest)
      return { status: 200, ...(await joinInSlices(texts, project)), revision }
    },
  })
}

function toBody(group: ActivityGroup, actorOf: (id: string) => Actor) {
  const { cause, requestId, actor, first, last, changes, resources, effects, types, keys, mayContinue } = group
  const all = Array.from(keys, ([key, numbers]) => ({ key, ...numbers }))
  const sum = ({ added, changed, removed }: (typeof all)[number]) => added + changed + removed
  all.sort((a, b) => sum(b) - sum(a) || (a.key < b.key ? -1 : 1))
  return {
    id: `${cause ?? requestId}/${actor}`,
    actor: actorOf(actor),
    request_id: requestId,
    ...(cause !== undefined && { cause }),
    first: toMoment(first),
    last: toMoment(last),
    changes,
    resources: resources.size,
    resource_name: group.resourceName,
    ...effects,
    types: Object.fromEntries(types),
    keys: all.slice(0, keysShownMax),
    more_keys: Math.max(0, all.length - keysShownMax),
    may_continue: mayContinue,
  }
}

function toMoment({ revision, atMs }: ActivityGroup['first']) {
  return { revision, at: new Date(atMs).toISOString() }
}
