import { invalid } from '../../core/errors.ts'
import { type DetailMembers, readMembers } from '../imported-detail.ts'
import { SHOWN_MEMBERS } from './instance-schemas.ts'

type Reader = (value: unknown, field: string) => unknown

/** The members that the database service shows, by their type. It shows no others, so those are stored unchanged. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...readers(toText, [
    ...['status', 'region', 'type', 'mode', 'alias', 'port', 'db_user_name', 'vpc_id', 'subnet_id', 'flavor_ref'],
    ...['security_group_id', 'configuration_id', 'enterprise_project_id', 'time_zone', 'dedicated_resource_id'],
    ...['az_mode', 'availability_zone_mode', 'master_az_code', 'master_availability_zone', 'maintenance_window'],
  ]),
  ...readers(toTexts, ['private_ips', 'private_write_ips', 'readonly_private_ips', 'proxy_ips', 'public_ips']),
  ...readers(toInteger, ['node_count', 'slave_count']),
  ...readers(toNumber, ['backup_used_space']),
  ...readers(toObjects, ['nodes', 'proxies']),
  ...Object.entries(SHOWN_MEMBERS).map(([name, texts]): [string, Reader] => [name, objectOf(texts)]),
])

/**
 * Validates the detail of an imported instance: every member that the service shows has its type afterwards. Texts of
 * numbers are converted where the service shows a number; where it shows a text, a number is one as well (D23).
 */
export function readImportedInstance(detail: DetailMembers, field: string): DetailMembers {
  return readMembers(detail, field, (name, value, path) => {
    const read = READERS.get(name)
    return read === undefined ? value : read(value, path)
  })
}

function readers(reader: Reader, names: readonly string[]): [string, Reader][] {
  return names.map((name) => [name, reader])
}

function toText(value: unknown, field: string): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(field, 'a string or a number', value)
  return value
}

function toTexts(value: unknown, field: string): unknown {
  for (const [i, item] of toItems(value, field).entries()) {
    if (typeof item !== 'string') throw wrongType(`${field}[${i}]`, 'a string', item)
  }
  return value
}

function toObjects(value: unknown, field: string): unknown {
  for (const [i, item] of toItems(value, field).entries()) toObject(item, `${field}[${i}]`)
  return value
}

function toNumber(value: unknown, field: string): number {
  const number = typeof value === 'string' && /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : value
  if (typeof number !== 'number') throw wrongType(field, 'a number', value)
  return number
}

function toInteger(value: unknown, field: string): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (!Number.isSafeInteger(number)) throw wrongType(field, 'an integer', value)
  return number as number
}

/** Reads an object whose named members are texts; others are not shown. */
function objectOf(texts: readonly string[]): Reader {
  return (value, field) =>
    readMembers(toObject(value, field), field, (name, member, path) =>
      texts.includes(name) ? toText(member, path) : member,
    )
}

function toItems(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(field, 'an array', value)
  return value
}

function toObject(value: unknown, field: string): DetailMembers {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(field, 'an object', value)
  return value as DetailMembers
}

function wrongType(field: string, expected: string, value: unknown) {
  return invalid(field, { name: 'type', expected }, value)
}
