import { Type } from 'typebox'
import { NEAR_KINDS } from '../../core/near-duplicates/near-duplicates.ts'
import { asOfParameter } from '../as-of.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { findNearGroups, type NearParts, nearGroupSchema, toGroupBody } from './near-groups.ts'
import { keyParameter } from './tag-counts.ts'

/** Lists keys, or values of a key, that are probably spellings of the same (contract 10.23). */
export function listNearDuplicates(parts: NearParts): Route {
  return defineRoute({
    id: 'ListNearDuplicates',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/near-duplicates',
    summary: 'List keys, or values of a key, that are probably spellings of the same',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      as_of: asOfParameter,
      key: Type.Optional({ ...keyParameter, description: 'Compares the values of this key; default: the keys.' }),
      kind: Type.Optional(oneOf(NEAR_KINDS)),
      ignored: Type.Boolean({
        default: false,
        description: 'True: the groups that are ignored now, instead of the others.',
      }),
    }),
    responses: { 200: Type.Object({ revision: Type.Integer(), groups: Type.Array(nearGroupSchema) }) },
    handle: async ({ params: { project_id: project }, query: { key, kind, ignored }, caller }) => {
      const { revision, groups } = await findNearGroups(parts, caller.principal, project, key)
      const shown = groups.filter(
        (group) => (kind === undefined || group.kind === kind) && (group.ignored !== undefined) === ignored,
      )
      return { status: 200, body: { revision, groups: shown.map(toGroupBody) }, revision }
    },
  })
}
