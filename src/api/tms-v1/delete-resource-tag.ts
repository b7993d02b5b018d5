import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { removedTagSchema, toRemovals } from '../tag-body.ts'
import { closed } from './body-members.ts'
import type { TmsErrorCode } from './error-codes.ts'
import { namedProjects } from './named-projects.ts'
import { batchAnswer, batchBody, changeResources } from './resource-changes.ts'
import { TAG_CODES } from './tag-texts.ts'

const ACTION = 'tms:resourceTags:delete'

// COMPAT: the pages document the key only, an SDK also sends a value (contract 5, T7).
const removedTag = closed(removedTagSchema<TmsErrorCode>(TAG_CODES))

/** Removes tags from resources of one project, or of global types in any (contract 5, T7). Removing an absent tag succeeds. */
export function deleteResourceTag(catalog: Catalog, accounts: Accounts, types: ResourceTypes): Route {
  return defineRoute({
    id: 'DeleteResourceTag',
    method: 'POST',
    path: '/v1.0/resource-tags/batch-delete',
    summary: 'Remove tags from resources',
    access: 'domain',
    action: ACTION,
    ...batchBody(removedTag, TAG_CODES, types),
    responses: { 200: batchAnswer },
    handle: async ({ body, caller, requestId }) => {
      const tags = toRemovals(body.tags, 'tags')
      const projects = await namedProjects(accounts, caller.principal, ACTION, body.project_id)
      const author = authorOf({ caller, requestId })
      const change = { kind: 'remove-tags', tags } as const
      const failed = await changeResources({ catalog, types }, projects, body.resources, () => change, author)
      return { status: 200, body: { failed_resources: failed } }
    },
  })
}
