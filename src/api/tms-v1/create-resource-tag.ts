import type { Catalog } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import type { Profile } from '../../core/profile.ts'
import { IMAGES } from '../../core/resource-types.ts'
import { refuseRepeatedKey } from '../../core/tag.ts'
import { isBlank } from '../../core/visible-text.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { addedTag, type TagBody } from '../tag-body.ts'
import { closed } from './body-members.ts'
import type { TmsErrorCode } from './error-codes.ts'
import { namedProjects } from './named-projects.ts'
import { batchAnswer, batchBody, changeResources } from './resource-changes.ts'
import { TAG_CODES, toKeptTag } from './tag-texts.ts'

const ACTION = 'tms:resourceTags:create'

/** Adds tags to resources of one project, or of global types in any, or overwrites their values (contract 5, T6). */
export function createResourceTag(catalog: Catalog, accounts: Accounts, profile: Profile): Route {
  // The schema documents the rules of images; the handler validates each resource by the rules of its type.
  const shownRules = profile.tagRulesOf(IMAGES)
  return defineRoute({
    id: 'CreateResourceTag',
    method: 'POST',
    path: '/v1.0/resource-tags/batch-create',
    summary: 'Add tags to resources',
    access: 'domain',
    action: ACTION,
    ...batchBody(closed(addedTag(shownRules)), TAG_CODES, profile.types),
    responses: { 200: batchAnswer },
    handle: async ({ body, caller, requestId }) => {
      refuseBadKeys(body.tags)
      const projects = await namedProjects(accounts, caller.principal, ACTION, body.project_id)
      const author = authorOf({ caller, requestId })
      const failed = await changeResources(
        { catalog, types: profile.types },
        projects,
        body.resources,
        (type) => ({
          kind: 'set-tags',
          tags: body.tags.map((tag, i) => toKeptTag(tag, profile.tagRulesOf(type), `tags[${i}]`, TAG_CODES)),
        }),
        author,
      )
      return { status: 200, body: { failed_resources: failed } }
    },
  })
}

/** Refuses keys that are invalid for every resource type. */
function refuseBadKeys(tags: readonly TagBody[]): void {
  const keys = tags.map(({ key }) => ({ key: key.trim() }))
  const blank = keys.findIndex(({ key }) => isBlank(key))
  if (blank >= 0) {
    throw invalid<TmsErrorCode>(`tags[${blank}].key`, { name: 'not-blank' }, tags[blank]?.key, 'key-invalid')
  }
  refuseRepeatedKey(keys, 'tags', 'tag-key-repeated')
}
