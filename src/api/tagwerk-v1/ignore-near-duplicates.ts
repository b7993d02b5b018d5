import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { defineRoute, type Route } from '../route.ts'
import { IGNORED_GROUPS_MAX } from './limits.ts'
import { findNearGroup, groupKey, groupParams, type NearParts, nearGroupSchema, toGroupBody } from './near-groups.ts'

/** Says that spellings are no near-duplicates, or takes that back (contract 10.23). */
export function ignoreNearDuplicates(parts: NearParts, clock: Clock): Route {
  return defineRoute({
    id: 'IgnoreNearDuplicates',
    method: 'PUT',
    path: '/tagwerk/v1/{project_id}/near-duplicates/{group_id}',
    summary: 'Ignore a group of near-duplicates, or show it again',
    access: 'project',
    action: 'tagwerk:nearDuplicates:update',
    params: groupParams,
    body: Type.Object({
      ignored: Type.Boolean({ description: 'True: lists leave the group out.' }),
      key: groupKey,
    }),
    responses: { 200: nearGroupSchema },
    handle: async ({ params: { project_id: project, group_id: id }, body, caller }) => {
      const { group, revision } = await findNearGroup(parts, caller.principal, project, { id, key: body.key })
      const ignored = body.ignored ? { id, actor: caller.principal.user.id, atMs: clock() } : undefined
      if (ignored === undefined) await parts.ignoredGroups.endIgnoringGroup(project, id)
      else await parts.ignoredGroups.ignoreGroup(project, ignored, IGNORED_GROUPS_MAX)
      return { status: 200, body: toGroupBody({ ...group, ignored }), revision }
    },
  })
}
