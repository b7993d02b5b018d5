import { invalid } from '../../core/errors.ts'
import { ATTRIBUTE_DEFAULTS, timeText } from './image-view.ts'
import type { VisibleImage } from './visible-image.ts'

/** A predicate over visible images. */
export type Condition = (image: VisibleImage) => boolean

/** Defaults of absent attributes, as strings. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ATTRIBUTE_DEFAULTS).map(([name, value]): [string, string] => [name, String(value)]),
  ['enterprise_project_id', '0'],
  ['__whole_image', 'false'],
  ['os_hidden', 'false'],
])

/** Attributes that do not come from the detail. */
const OWN: Readonly<Record<string, (image: VisibleImage) => string>> = {
  owner: ({ owner }) => owner,
  self: ({ resource }) => `/v2/images/${resource.id}`,
  file: ({ resource }) => `/v2/images/${resource.id}/file`,
  schema: () => '/v2/schemas/image',
}

/** Matches an attribute by its exact value. */
export function attributeCondition(name: string, text: string): Condition {
  if (Object.hasOwn(OWN, name)) return (image) => OWN[name]?.(image) === text
  const has = detailCondition(name, text)
  if (name === 'visibility') return (image) => (image.membership === undefined ? has(image) : text === 'shared')
  if (name !== '__imagetype') return has
  const isPublic = detailCondition('visibility', 'public')
  return (image) => {
    if (image.membership !== undefined) return text === 'shared'
    // A public image has type gold by default.
    return !image.resource.detail.includes('"__imagetype":') && isPublic(image) ? text === 'gold' : has(image)
  }
}

/**
 * Matches the `architecture` attribute. Without one, the architecture is arm or x86 by `__support_arm`, as the vendor
 * defines it.
 */
export function architectureCondition(text: string): Condition {
  const isNamed = attributeCondition('architecture', text)
  if (text !== 'arm' && text !== 'x86') return isNamed
  const isArm = attributeCondition('__support_arm', 'true')
  return (image) =>
    isNamed(image) || (isArm(image) === (text === 'arm') && !hasMember(image.resource.detail, 'architecture'))
}

/** Matches a bound of the size in bytes; an image without a size never matches. Throws `request-invalid`. */
export function sizeCondition(name: 'size_min' | 'size_max', text: string): Condition {
  if (!/^\d{1,15}$/.test(text)) throw invalid(name, { name: 'type', expected: 'a whole number' }, text)
  const limit = Number(text)
  return ({ resource: { detail } }) => {
    if (!hasMember(detail, 'size')) return false
    const { size } = JSON.parse(detail) as { readonly size: unknown }
    // Details imported by earlier versions can hold strings.
    if (typeof size !== 'number' && (typeof size !== 'string' || !/^\d+$/.test(size))) return false
    return name === 'size_min' ? Number(size) >= limit : Number(size) <= limit
  }
}

function hasMember(detail: string, name: string): boolean {
  return detail.includes(`${JSON.stringify(name)}:`) && Object.hasOwn(JSON.parse(detail) as object, name)
}

/**
 * Matches a member of the detail. Details are serialized by one serializer, so a substring test rejects most images
 * without parsing their JSON.
 */
function detailCondition(name: string, text: string): Condition {
  const member = `${JSON.stringify(name)}:`
  const asText = member + JSON.stringify(text)
  const asOther = member + text
  const missing = DEFAULTS.get(name)
  return ({ resource: { detail } }) => {
    if (!detail.includes(member)) return text === missing
    const isThere = detail.includes(asText)
    if (!isThere && !detail.includes(asOther) && text !== missing) return false
    // Without a nested object the substring can only be a top-level member.
    if (isThere && !detail.includes('{', 1)) return true
    const members = JSON.parse(detail) as Readonly<Record<string, unknown>>
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    if (value === undefined || value === null) return text === missing
    if (value === '' && text === missing) return true
    return (typeof value === 'string' ? value : JSON.stringify(value)) === text
  }
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
}

const TIME_PATTERN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)Z?$/

/** Matches a time such as `gt:2018-10-28T10:00:00Z`, in whole seconds as answers show it. Throws `request-invalid`. */
export function timeCondition(name: 'created_at' | 'updated_at', text: string): Condition {
  const at = text.indexOf(':')
  const operator = text.slice(0, Math.max(at, 0))
  const holds = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  const ms = toTime(text.slice(at + 1))
  if (holds === undefined || ms === undefined) {
    const what = `${Object.keys(OPERATORS).join(', ')}, a colon and a time such as 2018-10-28T10:00:00Z`
    throw invalid(name, { name: 'well-formed', what }, text)
  }
  return ({ resource }) => {
    const time = name === 'created_at' ? resource.createdAtMs : resource.updatedAtMs
    return holds(Math.floor(time / 1000), ms / 1000)
  }
}

/** Parses a UTC time to milliseconds since 1970. Undefined for an invalid time, such as the 30th of February. */
function toTime(text: string): number | undefined {
  const [, day, time] = TIME_PATTERN.exec(text) ?? []
  const ms = day === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`)
  return !Number.isNaN(ms) && timeText(ms) === `${day}T${time}Z` ? ms : undefined
}
