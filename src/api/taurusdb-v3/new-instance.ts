import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { TagRules } from '../../core/tag.ts'
import { addedTag } from '../tag-body.ts'
import { oneOf } from '../tag-query-body.ts'
import type { Recorded } from './detail-reader.ts'
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

const utf8 = new TextEncoder()

const demanded = Type.String({ minLength: 1 })
const text = Type.Optional(Type.String())
// COMPAT: documented as texts, and numbers in the vendor's own samples. Hence no type here: `given` checks them.
const textual = Type.Optional(Type.Unknown({ description: 'A text or a whole number.' }))

// COMPAT: the Go SDK cannot leave out charge_info, backup_strategy, volume, availability_zone_mode and slave_count: it
// sends empty texts and 0 for what was not set.
const parts = {
  charge_info: Type.Object({ charge_mode: text, period_type: text, period_num: textual }),
  backup_strategy: Type.Object({ start_time: text, keep_days: textual }),
  volume: Type.Object({ size: textual }),
}

const texts = {
  security_group_id: text,
  configuration_id: text,
  time_zone: text,
  availability_zone_mode: Type.Optional(oneOf(['single', 'multi', ''])),
  master_availability_zone: text,
  enterprise_project_id: textual,
  dedicated_resource_id: text,
}

/** What a call says about a new instance ("Creating a DB Instance"). Other members are ignored (D28). */
export function newInstanceBody(rules: TagRules) {
  return Type.Object({
    name: Type.String({
      minLength: NAME_CHARACTERS_MIN,
      maxLength: NAME_CHARACTERS_MAX,
      description: `${NAME_CHARACTERS_MIN} to ${NAME_CHARACTERS_MAX} ${NAME_ALLOWED}.`,
    }),
    region: Type.Optional(demanded),
    datastore: Type.Object({ type: oneOf([DATASTORE_TYPE]), version: demanded }),
    mode: Type.Optional(Type.String({ description: `${INSTANCE_TYPE}, in any letter case.` })),
    flavor_ref: demanded,
    vpc_id: demanded,
    subnet_id: demanded,
    ...texts,
    slave_count: Type.Optional(Type.Integer({ minimum: 0, maximum: REPLICAS_AT_CREATION_MAX })),
    charge_info: Type.Optional(parts.charge_info),
    backup_strategy: Type.Optional(parts.backup_strategy),
    volume: Type.Optional(parts.volume),
    password: Type.Optional(Type.String({ description: 'Not kept: there is no database behind.' })),
    tags: Type.Optional(
      Type.Array(addedTag(rules), { maxItems: TAGS_AT_CREATION_MAX, 'x-error': 'tag-quota-exceeded' }),
    ),
  })
}

type NewInstanceBody = Static<ReturnType<typeof newInstanceBody>>

/**
 * Gives what is kept of a new instance beside name and tags: only members that are known to hold no secret. Throws
 * `request-invalid` for what a schema cannot say.
 */
export function toRecord(body: NewInstanceBody, region: string): Recorded {
  if (!NAME_PATTERN.test(body.name)) throw invalid('name', { name: 'characters', allowed: NAME_ALLOWED }, body.name)
  if (body.mode !== undefined && body.mode.toLowerCase() !== INSTANCE_TYPE.toLowerCase()) {
    throw invalid('mode', { name: 'one-of', allowed: [INSTANCE_TYPE] }, body.mode)
  }
  const { type, version } = body.datastore
  const record: Recorded = {
    ...{ status: 'ACTIVE', mode: INSTANCE_TYPE, region: body.region ?? region, datastore: { type, version } },
    ...{ flavor_ref: body.flavor_ref, vpc_id: body.vpc_id, subnet_id: body.subnet_id },
    ...given(body, Object.keys(texts)),
    ...(body.slave_count === undefined ? {} : { slave_count: body.slave_count }),
    ...Object.fromEntries(Object.entries(parts).flatMap(([name, { properties }]) => part(body, name, properties))),
  }
  if (utf8.encode(JSON.stringify(record)).length > DETAIL_BYTES_MAX) {
    throw invalid('body', { name: 'bytes-max', limit: DETAIL_BYTES_MAX })
  }
  return record
}

function part(body: Recorded, name: string, properties: object): readonly [string, Recorded][] {
  const value = body[name]
  if (value === undefined) return []
  const members = given(value as Recorded, Object.keys(properties), `${name}.`)
  return Object.keys(members).length === 0 ? [] : [[name, members]]
}

/** Some members as texts, without those that are missing or empty. */
function given(members: Recorded, names: readonly string[], path = ''): Readonly<Record<string, string>> {
  const found = names.map(
    (name) => [name, toText(members[name] === undefined ? '' : members[name], `${path}${name}`)] as const,
  )
  return Object.fromEntries(found.filter(([, value]) => value !== ''))
}

function toText(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  if (Number.isSafeInteger(value)) return String(value)
  throw invalid(field, { name: 'type', expected: 'a string or an integer' }, value)
}
