import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { toTag } from '../../core/tag.ts'
import { defineRoute, type Route } from '../route.ts'
import { IMS_TAG_RULES } from './limits.ts'

/** Adds a tag to an image, or gives a tag it has another value (S4). */
export function createImageTag(catalog: Catalog): Route {
  return defineRoute({
    id: 'CreateImageTag',
    method: 'POST',
    path: '/v2/{project_id}/images/{image_id}/tags',
    summary: 'Add a tag to an image, or overwrite it',
    access: 'project',
    action: 'ims:images:update',
    params: Type.Object({ project_id: Type.String(), image_id: Type.String() }),
    body: Type.Object({
      tag: Type.Object({
        key: Type.String({
          description: `1 to ${IMS_TAG_RULES.keyCharactersMax} characters after outer blanks are dropped: ${IMS_TAG_RULES.keyAllowed}`,
        }),
        value: Type.String({
          description: `0 to ${IMS_TAG_RULES.valueCharactersMax} characters after outer blanks are dropped: ${IMS_TAG_RULES.valueAllowed}`,
        }),
      }),
    }),
    responses: { 204: null },
    handle: async ({ params, body, caller, requestId }) => {
      const tag = toTag(body.tag.key, body.tag.value, IMS_TAG_RULES, 'tag')
      const author = { userId: caller.principal.user.id, requestId }
      const change = { kind: 'set-tags', tags: [tag] } as const
      const { revision } = await catalog.change(params.project_id, 'images', params.image_id, change, author)
      return { status: 204, revision }
    },
  })
}
