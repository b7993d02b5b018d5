import { Type } from 'typebox'
import { comparePredefinedTags, matchesPredefinedTag, type PredefinedTag } from '../../core/predefined-tag.ts'
import type { PredefinedTagStore } from '../../store/predefined-tag-store.ts'
import { listQuery } from '../list-query.ts'
import { fromMarker, toMarker } from '../marker.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { PREDEFINED_PAGE_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = PREDEFINED_PAGE_LIMITS

/** Lists predefined tags, filtered, ordered and paged (contract 5, T2). */
export function listPredefineTags(tags: PredefinedTagStore): Route {
  return defineRoute({
    id: 'ListPredefineTags',
    method: 'GET',
    path: '/v1.0/predefine_tags',
    summary: 'List predefined tags',
    access: 'domain',
    action: 'tms:predefineTags:list',
    query: listQuery({
      key: Type.Optional(
        Type.String({ description: 'Substring of the key, case-insensitive.', 'x-error': 'key-invalid' }),
      ),
      value: Type.Optional(
        Type.String({ description: 'Substring of the value, case-insensitive.', 'x-error': 'value-invalid' }),
      ),
      limit: Type.Integer({
        minimum: 0,
        maximum: limitMax,
        default: limitDefault,
        'x-error': 'limit-invalid',
        description: 'Page size; 0 returns all tags.',
      }),
      marker: Type.Optional(
        Type.String({ description: 'The marker of the previous page.', 'x-error': 'marker-invalid' }),
      ),
      order_field: oneOf(['update_time', 'key', 'value'], { default: 'update_time', 'x-error': 'order-field-invalid' }),
      order_method: oneOf(['asc', 'desc'], { default: 'desc', 'x-error': 'order-method-invalid' }),
    }),
    responses: {
      200: Type.Object({
        marker: Type.String({ description: 'Cursor of the last tag on this page; empty on an empty page.' }),
        total_count: Type.Integer({ description: 'Number of all matching tags, on every page.' }),
        tags: Type.Array(Type.Object({ key: Type.String(), value: Type.String(), update_time: Type.String() })),
      }),
    },
    handle: async ({ query, caller }) => {
      const { key, value, limit, marker = '', order_field: field, order_method: method } = query
      const compare = comparePredefinedTags({ field, method })
      const start = marker === '' ? undefined : placeOf(marker)
      const all = await tags.listPredefinedTags(caller.principal.scope.domain.id)
      const found = all.filter((tag) => matchesPredefinedTag(tag, { key, value })).sort(compare)
      const rest = start === undefined ? found : found.filter((tag) => compare(tag, start) > 0)
      const shown = limit === 0 ? rest : rest.slice(0, limit)
      const last = shown.at(-1)
      const body = {
        // COMPAT: Terraform's huaweicloud_tms_tags requests pages until the marker is empty (D31).
        marker: last === undefined ? '' : toMarker([last.updatedAtMs, last.key, last.value]),
        total_count: found.length,
        tags: shown.map(tagView),
      }
      return { status: 200, body }
    },
  })
}

function placeOf(marker: string): PredefinedTag {
  const [updatedAtMs, key, value] = fromMarker(marker, ['number', 'string', 'string']) as [number, string, string]
  return { key, value, updatedAtMs }
}

function tagView({ key, value, updatedAtMs }: PredefinedTag) {
  return { key, value, update_time: `${new Date(updatedAtMs).toISOString().slice(0, -5)}Z` }
}
