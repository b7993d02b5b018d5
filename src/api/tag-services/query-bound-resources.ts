import { Type } from 'typebox'
import { refuseRepeatedKey } from '../../core/tag.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { BOUND_LIMITS } from './limits.ts'
import type { ServiceType } from './service-type.ts'

const { limitDefault, limitMax, tagsMax } = BOUND_LIMITS
const text = (maxLength: number) => Type.String({ maxLength, 'x-error': 'tag-invalid' })
const condition = Type.Object(
  { tag_key: text(255), tag_value: Type.Optional(text(255)) },
  { additionalProperties: false },
)

const body = Type.Object({
  resource_type: oneOf(['device']),
  tags: Type.Array(condition, { minItems: 1, maxItems: tagsMax, description: 'The device has all of these tags.' }),
})

/** Lists the ids of the devices of IoTDA that have all of some tags, oldest first (contract 12.5). */
export function queryBoundResources(type: ServiceType): Route {
  return defineRoute({
    ...type.route('QueryResources', `${type.path}/query-resources`, 'list'),
    asOf: 'any',
    method: 'POST',
    summary: 'Find devices by tag',
    query: listQuery({
      limit: Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
      offset: Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' }),
    }),
    body,
    responses: {
      200: Type.Object({
        resources: Type.Array(Type.Object({ resource_id: Type.String() })),
        page: Type.Object({ count: Type.Integer({ description: 'Number of all matches, on all pages.' }) }),
      }),
    },
    handle: async (call) => {
      const tags = call.body.tags.map(({ tag_key: key, tag_value: value }) => ({
        key,
        values: value === undefined ? [] : [value],
      }))
      refuseRepeatedKey(tags, 'tags', 'request-invalid')
      const [project] = await type.reach(call, 'list')
      const found = await type.catalog.find(project as string, type.typeOf(call.params), { tags }, call.query)
      const resources = found.resources.map(({ id }) => ({ resource_id: id }))
      return { status: 200, body: { resources, page: { count: found.total } }, revision: found.revision }
    },
  })
}
