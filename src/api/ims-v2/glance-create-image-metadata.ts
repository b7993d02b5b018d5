import { type Static, Type } from 'typebox'
import type { ResourceState } from '../../core/resource.ts'
import type { TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { checkAttributeName, toAttributeValue } from './image-attributes.ts'
import { registerImage } from './image-writes.ts'
import type { Images } from './images.ts'
import { TAG_TEXT_CHARACTERS_MAX } from './limits.ts'
import { imageObject } from './schemas.ts'
import { textsToTags } from './tag-text.ts'

const UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'

const body = Type.Object(
  {
    id: Type.Optional(Type.String({ pattern: UUID, description: 'A UUID, kept in small letters; made if left out.' })),
    name: Type.Optional(Type.String({ description: 'Empty if left out.' })),
    tags: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: TAG_TEXT_CHARACTERS_MAX, 'x-error': 'tag-invalid' }), {
        description: '`key=value`, or `key` for an empty value.',
      }),
    ),
  },
  { additionalProperties: true, description: 'And any attribute that can be changed, or a name of your own.' },
)

/** Makes an image that has no file yet (contract 2.1 I16, 2.5). */
export function glanceCreateImageMetadata(images: Images, rules: TagRules, newId: () => string): Route {
  return defineRoute({
    id: 'GlanceCreateImageMetadata',
    method: 'POST',
    path: '/v2/images',
    summary: 'Make an image without a file',
    access: 'scoped',
    action: 'ims:images:create',
    body,
    responses: { 201: imageObject },
    handle: async (call) => {
      const { owner, ...said } = call.body as typeof call.body & { readonly owner?: unknown }
      // COMPAT: openstackclient sends `owner`. Only the project of the token is accepted.
      const state = toState(owner === call.projectId ? said : call.body, rules)
      // Ids are stored in lower case, like the ids that this service generates.
      const id = (call.body.id ?? newId()).toLowerCase()
      const image = await registerImage(images, call.projectId, id, state, authorOf(call))
      return { status: 201, ...image, headers: { location: `${call.origin}/v2/images/${id}` } }
    },
  })
}

function toState({ id: _id, tags, ...attributes }: Static<typeof body>, rules: TagRules): ResourceState {
  const kept = Object.entries(attributes as Readonly<Record<string, unknown>>).map(([name, value]) => {
    checkAttributeName(name, name)
    return [name, toAttributeValue(name, value, name)] as const
  })
  const { name = '', ...detail } = Object.fromEntries(kept)
  return {
    name: String(name),
    detail: JSON.stringify({ status: 'queued', ...detail }),
    tags: tags === undefined ? [] : textsToTags(tags, rules, 'tags'),
  }
}
