import { Type } from 'typebox'
import { PREDEFINED_TAGS_MAX } from '../../core/predefined-tag.ts'
import type { PredefinedTagStore } from '../../store/predefined-tag-store.ts'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'

/** Shows how many predefined tags there are and may be (contract 5, T4). */
export function showTagQuota(tags: PredefinedTagStore): Route {
  return defineRoute({
    id: 'ShowTagQuota',
    method: 'GET',
    path: '/v1.0/tms/quotas',
    summary: 'Show the quota of predefined tags',
    access: 'domain',
    action: 'tms:quotas:get',
    query: noParameters,
    responses: {
      200: Type.Object({
        quotas: Type.Array(
          Type.Object({
            used: Type.Integer(),
            unit: Type.String(),
            quota_key: Type.String(),
            quota_limit: Type.Integer(),
          }),
        ),
      }),
    },
    handle: async ({ caller }) => {
      const { length: used } = await tags.listPredefinedTags(caller.principal.scope.domain.id)
      const quota = { used, unit: 'count', quota_key: 'predefine_tag', quota_limit: PREDEFINED_TAGS_MAX }
      return { status: 200, body: { quotas: [quota] } }
    },
  })
}
