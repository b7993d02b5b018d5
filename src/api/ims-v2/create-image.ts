import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { ResourceState } from '../../core/resource.ts'
import type { Tag, TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { addedTag, toAddedTags } from '../tag-body.ts'
import { oneOf } from '../tag-query-body.ts'
import { toAttributeValue, toDescription } from './image-attributes.ts'
import { registerImage } from './image-writes.ts'
import type { Images } from './images.ts'
import { jobIdOf } from './jobs.ts'
import { NAME_CHARACTERS_MAX, WHOLE_NUMBER_MAX } from './limits.ts'
import { eitherTextsToTags } from './tag-text.ts'

/** The source members of a request: exactly one is required. */
const SOURCES = ['instance_id', 'image_url', 'volume_id', 'data_images'] as const

/** Maps `type` of the request (SDK) to the `virtual_env_type` that is stored; undefined keeps the default. */
const ENVIRONMENTS = {
  ECS: undefined,
  FusionCompute: undefined,
  BMS: 'Ironic',
  Ironic: 'Ironic',
  IsoImage: 'IsoImage',
} as const

const IMAGE_TYPES = Object.keys(ENVIRONMENTS) as (keyof typeof ENVIRONMENTS)[]

const text = (description: string) => Type.Optional(Type.String({ description }))

/** Members that describe the image: in the body or, for the image of a data disk, in its item. */
function imageMembers(rules: TagRules) {
  return {
    description: text('At most 1024 characters, no line breaks, no angle brackets.'),
    tags: Type.Optional(
      Type.Array(Type.String(), { description: '`key.value` or `key=value`. Cannot be combined with image_tags.' }),
    ),
    image_tags: Type.Optional(Type.Array(addedTag(rules))),
  }
}

function bodyOf(rules: TagRules) {
  const name = Type.String({ minLength: 1, maxLength: NAME_CHARACTERS_MAX })
  return Type.Object({
    name: Type.Optional(name),
    ...imageMembers(rules),
    instance_id: text('ID of the source server.'),
    image_url: text('Bucket and file name of the source. Requires min_disk.'),
    volume_id: text('ID of the source disk. Requires os_version.'),
    data_images: Type.Optional(
      Type.Array(Type.Object({ name, volume_id: Type.String(), ...imageMembers(rules) }), {
        minItems: 1,
        maxItems: 1,
        description: 'One data disk. Its name, description and tags replace those of the request.',
      }),
    ),
    os_version: text('Operating system version, for example Ubuntu 22.04 server 64bit.'),
    min_disk: Type.Optional(Type.Integer({ minimum: 0, description: 'Minimum disk size in GB.' })),
    min_ram: Type.Optional(Type.Integer({ minimum: 0, description: 'Minimum memory in MB.' })),
    max_ram: Type.Optional(
      Type.Integer({ minimum: 0, maximum: WHOLE_NUMBER_MAX, description: 'Maximum memory in MB.' }),
    ),
    os_type: text('Operating system, for example Linux or Windows. Returned as __os_type.'),
    architecture: Type.Optional(oneOf(['x86', 'arm'], { description: 'arm is returned as __support_arm.' })),
    hw_firmware_type: Type.Optional(oneOf(['bios', 'uefi'])),
    type: Type.Optional(oneOf(IMAGE_TYPES, { description: 'BMS and IsoImage are returned as virtual_env_type.' })),
    enterprise_project_id: text('ID of the enterprise project; 0 is the default enterprise project.'),
    cmk_id: text('ID of the key that encrypts the image.'),
  })
}

type Body = Static<ReturnType<typeof bodyOf>>

/**
 * Registers an active image synchronously, because no image data is built. The job in the answer has succeeded already
 * (contract 2.1 I14).
 */
export function createImage(images: Images, rules: TagRules, newId: () => string): Route {
  return defineRoute({
    id: 'CreateImage',
    method: 'POST',
    path: '/v2/cloudimages/action',
    summary: 'Create an image',
    access: 'scoped',
    action: 'ims:serverImages:create',
    body: bodyOf(rules),
    responses: { 200: Type.Object({ job_id: Type.String() }) },
    handle: async (call) => {
      const id = newId()
      const state = toState(call.body, rules)
      const { revision } = await registerImage(images, call.projectId, id, state, authorOf(call))
      return { status: 200, body: { job_id: jobIdOf(id) }, ...(revision !== undefined && { revision }) }
    },
  })
}

function toState(body: Body, rules: TagRules): ResourceState {
  const sources = SOURCES.filter((source) => body[source] !== undefined)
  if (sources[0] === undefined) throw invalid('instance_id', { name: 'required' })
  if (sources[1] !== undefined) {
    throw invalid(sources[1], { name: 'well-formed', what: `left out when there is ${sources[0]}` })
  }
  if (body.image_url !== undefined && body.min_disk === undefined) throw invalid('min_disk', { name: 'required' })
  if (body.volume_id !== undefined && body.os_version === undefined) throw invalid('os_version', { name: 'required' })
  const disk = body.data_images?.[0]
  const field = disk === undefined ? '' : 'data_images[0].'
  const source = disk ?? body
  if (source.name === undefined) throw invalid('name', { name: 'required' })
  const optional = {
    __description: source.description && toDescription(source.description, `${field}description`),
    __os_version: body.os_version,
    min_disk: body.min_disk && toAttributeValue('min_disk', body.min_disk, 'min_disk'),
    min_ram: body.min_ram && toAttributeValue('min_ram', body.min_ram, 'min_ram'),
    max_ram: body.max_ram === undefined ? undefined : String(body.max_ram),
    __os_type: body.os_type,
    __support_arm: body.architecture === 'arm' ? 'true' : undefined,
    hw_firmware_type: body.hw_firmware_type,
    enterprise_project_id: body.enterprise_project_id,
    __system__cmkid: body.cmk_id,
    virtual_env_type: disk === undefined ? ENVIRONMENTS[body.type ?? 'ECS'] : 'DataImage',
  }
  const present = Object.entries(optional).filter(([, value]) => value !== undefined && value !== '')
  const detail = { status: 'active', __data_origin: originOf(body), ...Object.fromEntries(present) }
  return { name: source.name, detail: JSON.stringify(detail), tags: tagsOf(source, rules, field) }
}

/** The source of the image in the vendor's notation for `__data_origin`. */
function originOf({ instance_id, image_url, volume_id, data_images }: Body): string {
  if (instance_id !== undefined) return `instance,${instance_id}`
  if (image_url !== undefined) return `file,${image_url}`
  return `volume,${volume_id ?? data_images?.[0]?.volume_id}`
}

function tagsOf(
  { tags, image_tags }: Pick<Body, 'tags' | 'image_tags'>,
  rules: TagRules,
  field: string,
): readonly Tag[] {
  if (tags !== undefined && image_tags !== undefined) {
    throw invalid(`${field}image_tags`, { name: 'well-formed', what: 'left out when there are tags' })
  }
  if (image_tags !== undefined) return toAddedTags(image_tags, rules, `${field}image_tags`)
  return eitherTextsToTags(tags ?? [], rules, `${field}tags`)
}
