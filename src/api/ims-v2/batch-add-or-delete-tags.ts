import { type Static, Type } from 'typebox'
import type { TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { addedTag, removedTag, type TagBody, toAddedTags, toRemovals } from '../tag-body.ts'
import { oneOf } from '../tag-query-body.ts'
import type { Images } from './images.ts'
import { projectImageParams } from './schemas.ts'

type Body =
  | { readonly action: 'create'; readonly tags: readonly TagBody[] }
  | { readonly action: 'delete'; readonly tags: readonly Static<typeof removedTag>[] }

/** Adds or removes tags of an image, all or nothing (contract 2.2, D8, D21, D29). */
export function batchAddOrDeleteTags(images: Images, rules: TagRules): Route {
  return defineRoute({
    id: 'BatchAddOrDeleteTags',
    method: 'POST',
    path: '/v2/{project_id}/images/{image_id}/tags/action',
    summary: 'Add or remove tags of an image',
    access: 'project',
    action: 'ims:images:update',
    params: projectImageParams,
    body: batchBody(rules),
    responses: { 204: null },
    handle: async (call) => {
      const { body } = call
      const change =
        body.action === 'create'
          ? ({ kind: 'set-tags', tags: toAddedTags(body.tags, rules, 'tags') } as const)
          : ({ kind: 'remove-tags', tags: toRemovals(body.tags, 'tags') } as const)
      const { revision } = await images.own.change(call.projectId, call.params.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}

/** The rules of a tag depend on the action. For an unknown action only the action is reported, not its tags. */
function batchBody(rules: TagRules) {
  const tags = (item: object) => ({ properties: { tags: { type: 'array', minItems: 1, items: item } } })
  const isAction = (action: string) => ({ required: ['action'], properties: { action: { const: action } } })
  return Type.Unsafe<Body>({
    ...Type.Object({
      action: oneOf(['create', 'delete'], { 'x-error': 'action-unknown' }),
      tags: Type.Array(Type.Object({}, { additionalProperties: true }), { minItems: 1 }),
    }),
    if: isAction('create'),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: tags(addedTag(rules)),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    else: { if: isAction('delete'), then: tags(removedTag) },
  })
}
