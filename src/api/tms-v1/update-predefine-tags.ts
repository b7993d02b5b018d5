import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { DomainError } from '../../core/errors.ts'
import type { TagTextRules } from '../../core/tag.ts'
import type { PredefinedTagStore } from '../../store/predefined-tag-store.ts'
import { defineRoute, type Route } from '../route.ts'
import { addedTag } from '../tag-body.ts'
import { checkMembers, closed, isEmpty, isObject, missing } from './body-members.ts'
import type { TmsErrorCode } from './error-codes.ts'
import { type TextCodes, toKeptTag, toKnownTag } from './tag-texts.ts'

const MISSING = { old_tag: 'old-tag-missing', new_tag: 'new-tag-missing' } as const
const OLD_CODES: TextCodes = { key: 'old-key-invalid', value: 'old-value-invalid' }
const NEW_CODES: TextCodes = { key: 'new-key-invalid', value: 'new-value-invalid' }

/**
 * Replaces a predefined tag by another (contract 5, T3). COMPAT: the sample line of the page spells the path
 * `/predefined_tags`, its URI and the SDKs do not.
 */
export function updatePredefineTags(tags: PredefinedTagStore, rules: TagTextRules, clock: Clock): Route {
  const tag = closed(addedTag(rules))
  const schema = closed(Type.Object({ old_tag: tag, new_tag: tag }))
  return defineRoute({
    id: 'UpdatePredefineTags',
    method: 'PUT',
    path: '/v1.0/predefine_tags',
    summary: 'Replace a predefined tag by another',
    access: 'domain',
    action: 'tms:predefineTags:update',
    body: schema,
    prepareBody: (body) => {
      checkMembers(body, '', schema, MISSING)
      if (!isObject(body)) return body
      for (const [member, codes] of [
        ['old_tag', OLD_CODES],
        ['new_tag', NEW_CODES],
      ] as const) {
        if (isEmpty(body[member])) throw missing(member, MISSING[member])
        checkMembers(body[member], member, tag, codes)
      }
      return body
    },
    // COMPAT: 200 without a body in OTC's pages, 204 in the Chinese ones (D16).
    responses: { 200: null },
    handle: async ({ body, caller: { principal } }) => {
      const oldTag = toKnownTag(body.old_tag, 'old_tag', OLD_CODES)
      const newTag = toKeptTag(body.new_tag, rules, 'new_tag', NEW_CODES)
      const verdict = await tags.replacePredefinedTag(principal.scope.domain.id, oldTag, newTag, clock())
      if (verdict === 'old-absent') throw new DomainError<TmsErrorCode>('old-tag-not-found')
      if (verdict === 'new-taken') throw new DomainError<TmsErrorCode>('new-tag-exists')
      return { status: 200 }
    },
  })
}
