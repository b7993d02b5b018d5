import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import { PREDEFINED_TAGS_MAX } from '../../core/predefined-tag.ts'
import type { TagTextRules } from '../../core/tag.ts'
import { authorize } from '../../iam/authorize.ts'
import type { PredefinedTagStore } from '../../store/predefined-tag-store.ts'
import { defineRoute, type Route } from '../route.ts'
import { addedTag } from '../tag-body.ts'
import { oneOf } from '../tag-query-body.ts'
import { checkMembers, checkTagItems, closed, isObject } from './body-members.ts'
import type { TmsErrorCode } from './error-codes.ts'
import { PREDEFINED_TAGS_PER_CALL_MAX } from './limits.ts'
import { TAG_CODES, toKeptTag, toKnownTag } from './tag-texts.ts'

/**
 * Adds or removes predefined tags atomically (contract 5, T1). One path serves two operations of the vendor:
 * CreatePredefineTags and DeletePredefineTags.
 */
export function createPredefineTags(tags: PredefinedTagStore, rules: TagTextRules, clock: Clock): Route {
  const tag = closed(addedTag(rules))
  const schema = closed(
    Type.Object({
      action: oneOf(['create', 'delete'], { 'x-error': 'action-unknown' }),
      tags: Type.Array(tag, { minItems: 1, maxItems: PREDEFINED_TAGS_PER_CALL_MAX }),
    }),
  )
  return defineRoute({
    id: 'CreatePredefineTags',
    method: 'POST',
    path: '/v1.0/predefine_tags/action',
    summary: 'Add or remove predefined tags',
    access: 'domain',
    action: 'tms:predefineTags:create',
    body: schema,
    prepareBody: (body) => {
      checkMembers(body, '', schema, { action: 'action-unknown', tags: 'tags-missing' })
      if (isObject(body)) checkTagItems(body.tags, 'tags', tag, TAG_CODES)
      return body
    },
    responses: { 204: null },
    handle: async ({ body, caller: { principal } }) => {
      const domainId = principal.scope.domain.id
      if (body.action === 'delete') {
        // The route requires the right to add; the right to remove is checked here.
        authorize(principal, 'tms:predefineTags:delete', { kind: 'domain' })
        const gone = body.tags.map((tag, i) => toKnownTag(tag, `tags[${i}]`, TAG_CODES))
        await tags.removePredefinedTags(domainId, gone)
        return { status: 204 }
      }
      const kept = body.tags.map((tag, i) => toKeptTag(tag, rules, `tags[${i}]`, TAG_CODES))
      const verdict = await tags.putPredefinedTags(domainId, kept, clock(), PREDEFINED_TAGS_MAX)
      if (verdict === 'full') {
        const rule = { name: 'items-max', limit: PREDEFINED_TAGS_MAX } as const
        throw invalid<TmsErrorCode>('predefined tags', rule, undefined, 'predefined-tag-quota-exceeded')
      }
      return { status: 204 }
    },
  })
}
