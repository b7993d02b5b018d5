import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { MemberStatus } from '../../core/image-member.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import { oneOf } from '../tag-query-body.ts'
import { OPERATOR_PARAMETERS, toAlternatives } from './filter-operator.ts'
import {
  architectureCondition,
  attributeCondition,
  type Condition,
  sizeCondition,
  timeCondition,
} from './image-conditions.ts'
import { textToFilter } from './tag-text.ts'
import { MEMBER_STATUSES } from './visible-image.ts'

const text = (description: string) => Type.Optional(Type.String({ description }))

const IN_LIST = '`in:a,b` matches any of several values; `eq:` takes the rest literally.'

/** The filter parameters of image lists (contract 2.5). An image must match all of them. */
export const imageFilterMembers = {
  tag: Type.Optional(
    Type.Array(Type.String(), {
      description: '`key=value`, or `key` for an empty value. If repeated, images must have all tags.',
    }),
  ),
  id: text(`Exact match. ${IN_LIST}`),
  name: text(`Exact match. ${IN_LIST}`),
  status: text(`For example active or queued. ${IN_LIST}`),
  owner: text('ID of the project that owns the image.'),
  visibility: Type.Optional(
    oneOf(['private', 'public', 'shared', 'community', 'all'], {
      description: 'all matches any visibility. No image has visibility community.',
    }),
  ),
  member_status: Type.Optional(
    oneOf(['accepted', 'pending', 'rejected', 'all'], {
      description: 'Selects shared images by status; default accepted. Does not restrict own images.',
    }),
  ),
  __imagetype: Type.Optional(oneOf(['gold', 'private', 'shared', 'market'], { 'x-error': 'image-type-unknown' })),
  __isregistered: text('true'),
  protected: text('true or false.'),
  os_hidden: text('true or false.'),
  min_disk: text('An integer.'),
  min_ram: text('An integer.'),
  size_min: text('Minimum size in bytes, an integer. Images without a size do not match.'),
  size_max: text('Maximum size in bytes, like size_min.'),
  container_format: text(`Exact match. ${IN_LIST}`),
  disk_format: text(`Exact match. ${IN_LIST}`),
  virtual_env_type: text('For example FusionCompute, DataImage or Ironic.'),
  __os_type: text('For example Linux or Windows.'),
  __os_bit: text('32 or 64.'),
  __platform: text('For example Ubuntu or EulerOS.'),
  architecture: text('x86, arm, or the exact value of the architecture attribute.'),
  flavor_id: text('Ignored, because there are no flavors.'),
  enterprise_project_id: text('0 is the default enterprise project; all_granted_eps matches any.'),
  created_at: text('gt, gte, lt, lte, eq or neq, a colon and a UTC time, for example gt:2018-10-28T10:00:00Z.'),
  updated_at: text('Same format as created_at.'),
}

/** Any other parameter matches the attribute of that name by its exact value. */
export const otherAttributes = {
  additionalProperties: Type.String({
    description: 'A query parameter of any other name matches the attribute of that name by its exact value.',
  }),
}

/** Parameters that are not attributes. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set([
  'tag',
  'id',
  'name',
  'member_status',
  'created_at',
  'updated_at',
  'enterprise_project_id',
  'visibility',
  'status',
  'disk_format',
  'container_format',
  'architecture',
  'size_min',
  'size_max',
  'flavor_id',
  'limit',
  'marker',
  'page',
  'sort_key',
  'sort_dir',
  'sort',
])

/** Boolean attributes; the default is false. */
const BOOLEANS: ReadonlySet<string> = new Set(['protected', 'os_hidden', '__whole_image'])

/** A parsed image filter. */
export type ImageFilter = {
  /** The part that the search index evaluates. */
  readonly query: TagQuery
  /** Predicates for everything else. */
  readonly conditions: readonly Condition[]
  /** Shared images are selected by these statuses. */
  readonly memberStatuses: readonly MemberStatus[]
  /** Restricts the list to images of this project. */
  readonly owner?: string
}

/** Parses the parameters of a list. Throws `tag-invalid` and `request-invalid`, naming the parameter. */
export function toImageFilter(parameters: Readonly<Record<string, unknown>>): ImageFilter {
  const { tag, owner, member_status, visibility, architecture, size_min, size_max } = parameters as {
    readonly [name: string]: unknown
    readonly tag?: readonly string[]
    readonly owner?: string
    readonly member_status?: MemberStatus | 'all'
    readonly visibility?: string
    readonly architecture?: string
    readonly size_min?: string
    readonly size_max?: string
  }
  const tags = tag?.map((item, i) => textToFilter(item, tag.length === 1 ? 'tag' : `tag[${i}]`))
  const { id, name, conditions } = alternatives(parameters)
  for (const [attribute, value] of Object.entries(parameters)) {
    if (!NO_ATTRIBUTES.has(attribute)) {
      conditions.push(attributeCondition(attribute, normalized(attribute, value as string)))
    }
  }
  // COMPAT: openstackclient sends `all` for --all.
  if (visibility !== undefined && visibility !== 'all') conditions.push(attributeCondition('visibility', visibility))
  if (architecture !== undefined) conditions.push(architectureCondition(architecture))
  if (size_min !== undefined) conditions.push(sizeCondition('size_min', size_min))
  if (size_max !== undefined) conditions.push(sizeCondition('size_max', size_max))
  const { created_at, updated_at, enterprise_project_id } = parameters as {
    readonly created_at?: string
    readonly updated_at?: string
    readonly enterprise_project_id?: string
  }
  if (created_at !== undefined) conditions.push(timeCondition('created_at', created_at))
  if (updated_at !== undefined) conditions.push(timeCondition('updated_at', updated_at))
  // COMPAT: an image without an enterprise project is in the default one, whose id is 0 (vendor's page of I12).
  if (enterprise_project_id !== undefined && enterprise_project_id !== 'all_granted_eps') {
    conditions.push(attributeCondition('enterprise_project_id', enterprise_project_id))
  }
  return {
    query: {
      ...(tags !== undefined && { tags }),
      ...(id !== undefined && { id }),
      ...(name !== undefined && { nameEquals: name }),
    },
    conditions,
    ...(owner !== undefined && { owner }),
    memberStatuses: member_status === 'all' ? MEMBER_STATUSES : [member_status ?? 'accepted'],
  }
}

/**
 * Parses the parameters that take alternatives (contract D32). A single id or name is left to the index; the rest are
 * conditions.
 */
function alternatives(parameters: Readonly<Record<string, unknown>>) {
  const conditions: Condition[] = []
  const single: { id?: string; name?: string } = {}
  for (const parameter of OPERATOR_PARAMETERS) {
    const text = parameters[parameter] as string | undefined
    if (text === undefined) continue
    const values = toAlternatives(parameter, text)
    if (parameter === 'id' || parameter === 'name') {
      if (values.length === 1) single[parameter] = values[0] as string
      else conditions.push(isOneOf(parameter, values))
    } else {
      const each = values.map((value) => attributeCondition(parameter, value))
      conditions.push((image) => each.some((holds) => holds(image)))
    }
  }
  return { ...single, conditions }
}

function isOneOf(member: 'id' | 'name', values: readonly string[]): Condition {
  const allowed = new Set(values)
  return ({ resource }) => allowed.has(resource[member])
}

/** Normalizes a value for comparison. */
function normalized(attribute: string, value: string): string {
  if (BOOLEANS.has(attribute)) {
    // COMPAT: Python clients send True.
    if (/^(true|false)$/i.test(value)) return value.toLowerCase()
    throw invalid(attribute, { name: 'type', expected: 'true or false' }, value)
  }
  // COMPAT: Ansible's collection sends __isregistered=True. These attributes are strings that hold true or false.
  if (/^__(isregistered$|support_)/.test(attribute) && /^(true|false)$/i.test(value)) return value.toLowerCase()
  if (attribute === 'min_disk' || attribute === 'min_ram') {
    if (/^\d{1,15}$/.test(value)) return String(Number(value))
    throw invalid(attribute, { name: 'type', expected: 'a whole number' }, value)
  }
  return value
}
