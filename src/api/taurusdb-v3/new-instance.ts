import { type Static, Type } from 'typebox'
import { charactersRule, invalid } from '../../core/errors.ts'
import type { TagRules } from '../../core/tag.ts'
import { addedTag } from '../tag-body.ts'
import { oneOf } from '../tag-query-body.ts'
import type { Detail } from './detail-reader.ts'
import { DATASTORE_TYPE, INSTANCE_TYPE } from './instance-view.ts'
import {
  DETAIL_BYTES_MAX,
  NAME_CHARACTERS_MAX,
  NAME_CHARACTERS_MIN,
  REPLICAS_AT_CREATION_MAX,
  TAGS_AT_CREATION_MAX,
} from './limits.ts'

const NAME_PATTERN = /^[A-Za-z][0-9A-Za-z_-]*$/
const NAME_ALLOWED = 'letters, digits, "-" and "_", beginning with a letter'

/** Types of volumes as a creation names them, and as instances show them [PS, TF]. */
const VOLUME_TYPES: ReadonlyMap<string, string> = new Map([
  ['DL6', 'POOL'],
  ['DL5', 'STANDARDPOOL'],
])

const utf8 = new TextEncoder()

const required = Type.String({ minLength: 1 })
const text = Type.Optional(Type.String())
// COMPAT: documented as strings, but numbers in the vendor's samples. Hence no type here: `toStringMembers` checks
// them.
const stringOrInteger = Type.Optional(Type.Unknown({ description: 'A string or an integer.' }))

// COMPAT: the Go SDK cannot omit charge_info, backup_strategy, volume, availability_zone_mode and slave_count: for
// unset members it sends empty strings and 0.
const objectMembers = {
  charge_info: Type.Object({ charge_mode: text, period_type: text, period_num: stringOrInteger }),
  backup_strategy: Type.Object({ start_time: text, keep_days: stringOrInteger }),
  volume: Type.Object({ size: stringOrInteger, type: Type.Optional(oneOf([...VOLUME_TYPES.keys(), ''])) }),
}

const stringMembers = {
  security_group_id: text,
  configuration_id: text,
  time_zone: text,
  availability_zone_mode: Type.Optional(oneOf(['single', 'multi', ''])),
  master_availability_zone: text,
  enterprise_project_id: stringOrInteger,
  dedicated_resource_id: text,
}

/** The body of a request to create an instance ("Creating a DB Instance"). Other members are ignored (D28). */
export function newInstanceBody(rules: TagRules) {
  return Type.Object({
    name: Type.String({
      minLength: NAME_CHARACTERS_MIN,
      maxLength: NAME_CHARACTERS_MAX,
      description: `${NAME_CHARACTERS_MIN} to ${NAME_CHARACTERS_MAX} characters: ${NAME_ALLOWED}.`,
    }),
    region: Type.Optional(required),
    datastore: Type.Object({ type: oneOf([DATASTORE_TYPE]), version: required }),
    mode: Type.Optional(Type.String({ description: `${INSTANCE_TYPE}, case-insensitive.` })),
    flavor_ref: required,
    vpc_id: required,
    subnet_id: required,
    ...stringMembers,
    slave_count: Type.Optional(Type.Integer({ minimum: 0, maximum: REPLICAS_AT_CREATION_MAX })),
    charge_info: Type.Optional(objectMembers.charge_info),
    backup_strategy: Type.Optional(objectMembers.backup_strategy),
    volume: Type.Optional(objectMembers.volume),
    password: Type.Optional(Type.String({ description: 'Ignored and not stored: there is no database.' })),
    tags: Type.Optional(
      Type.Array(addedTag(rules), { maxItems: TAGS_AT_CREATION_MAX, 'x-error': 'tag-quota-exceeded' }),
    ),
  })
}

type NewInstanceBody = Static<ReturnType<typeof newInstanceBody>>

/**
 * Builds the detail of a new instance, from an allow-list of members so that no secret is stored. Throws
 * `request-invalid` for rules beyond the schema.
 */
export function toDetail(body: NewInstanceBody, region: string): Detail {
  if (!NAME_PATTERN.test(body.name))
    throw invalid('name', charactersRule(body.name, NAME_PATTERN, NAME_ALLOWED), body.name)
  if (body.mode !== undefined && body.mode.toLowerCase() !== INSTANCE_TYPE.toLowerCase()) {
    throw invalid('mode', { name: 'one-of', allowed: [INSTANCE_TYPE] }, body.mode)
  }
  const stored = body.volume === undefined ? body : { ...body, volume: withShownType(body.volume) }
  const { type, version } = body.datastore
  const detail: Detail = {
    status: 'ACTIVE',
    mode: INSTANCE_TYPE,
    region: body.region ?? region,
    datastore: { type, version },
    flavor_ref: body.flavor_ref,
    vpc_id: body.vpc_id,
    subnet_id: body.subnet_id,
    ...toStringMembers(body, Object.keys(stringMembers)),
    ...(body.slave_count === undefined ? {} : { slave_count: body.slave_count }),
    ...Object.fromEntries(
      Object.entries(objectMembers).flatMap(([name, { properties }]) => objectEntry(stored, name, properties)),
    ),
  }
  if (utf8.encode(JSON.stringify(detail)).length > DETAIL_BYTES_MAX) {
    throw invalid('body', { name: 'bytes-max', limit: DETAIL_BYTES_MAX })
  }
  return detail
}

function withShownType<T extends { readonly type?: string }>(volume: T): T {
  const shown = VOLUME_TYPES.get(volume.type ?? '')
  return shown === undefined ? volume : { ...volume, type: shown }
}

/** The entry of an object member; none if it is missing or all its members are. */
function objectEntry(body: Detail, name: string, properties: object): readonly [string, Detail][] {
  const value = body[name]
  if (value === undefined) return []
  const members = toStringMembers(value as Detail, Object.keys(properties), `${name}.`)
  return Object.keys(members).length === 0 ? [] : [[name, members]]
}

/** Reads the named members as strings, without missing and empty ones. */
function toStringMembers(members: Detail, names: readonly string[], path = ''): Readonly<Record<string, string>> {
  const entries = names.map(
    (name) => [name, asString(members[name] === undefined ? '' : members[name], `${path}${name}`)] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}

function asString(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  if (Number.isSafeInteger(value)) return String(value)
  throw invalid(field, { name: 'type', expected: 'a string or an integer' }, value)
}
