import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { toRemovals } from '../tag-body.ts'
import { closed } from './body-members.ts'
import { projectOfDomain } from './domain-projects.ts'
import { WIDE_TAG_LIMITS } from './limits.ts'
import { batchAnswer, batchBody, changeResources } from './resource-changes.ts'
import { TAG_CODES } from './tag-texts.ts'

const ACTION = 'tms:resourceTags:delete'

const { keyCharactersMax, valueCharactersMax } = WIDE_TAG_LIMITS

const removedTag = closed(
  Type.Object({
    key: Type.String({
      ...{ minLength: 1, maxLength: keyCharactersMax, pattern: '\\S' },
      ...{ 'x-error': 'key-invalid', 'x-rule': 'not-blank' },
    }),
    // COMPAT: the pages know the key only, an SDK also sends a value (contract 5, T7).
    value: Type.Optional(
      Type.Union([Type.String({ maxLength: valueCharactersMax, 'x-error': 'value-invalid' }), Type.Null()], {
        'x-error': 'value-invalid',
        description: 'Left out, null or empty: whatever the value is.',
      }),
    ),
  }),
)

/** Removes tags from resources of one project (contract 5, T7). A tag that is not there counts as removed. */
export function deleteResourceTag(catalog: Catalog, accounts: Accounts): Route {
  return defineRoute({
    id: 'DeleteResourceTag',
    method: 'POST',
    path: '/v1.0/resource-tags/batch-delete',
    summary: 'Remove tags from resources',
    access: 'domain',
    action: ACTION,
    ...batchBody(removedTag, TAG_CODES),
    responses: { 200: batchAnswer },
    handle: async ({ body, caller: { principal }, requestId }) => {
      const tags = toRemovals(body.tags, 'tags')
      const project = await projectOfDomain(accounts, principal, ACTION, body.project_id)
      const author = { userId: principal.user.id, requestId }
      const change = { kind: 'remove-tags', tags } as const
      const failed = await changeResources(catalog, project.id, body.resources, () => change, author)
      return { status: 200, body: { failed_resources: failed } }
    },
  })
}
