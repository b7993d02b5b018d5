import { charactersRule, type DomainError, invalid } from '../../core/errors.ts'
import { countCodePoints } from '../../core/text.ts'
import type { ImsErrorCode } from './error-codes.ts'
import {
  ATTRIBUTE_NAME_CHARACTERS_MAX,
  DESCRIPTION_CHARACTERS_MAX,
  DETAIL_BYTES_MAX,
  NAME_CHARACTERS_MAX,
  WHOLE_NUMBER_MAX,
} from './limits.ts'

/** Attributes that only the service sets. */
const READ_ONLY: ReadonlySet<string> = new Set([
  'id',
  'owner',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
  'status',
  'size',
  'virtual_size',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'direct_url',
  'locations',
  'stores',
  'deleted',
  'deleted_at',
  '__imagetype',
  '__isregistered',
  '__image_source_type',
  '__image_size',
  '__data_origin',
])

/** Attributes of every image: replaceable, not removable. */
const BASE: ReadonlySet<string> = new Set([
  'name',
  'tags',
  'visibility',
  'protected',
  'min_disk',
  'min_ram',
  'container_format',
  'disk_format',
  'virtual_env_type',
  'os_hidden',
])

/** Visibilities that an owner may set: only the operator publishes images (contract D27). */
const DESCRIPTION_PATTERN = /^[^\r\n<>]*$/

const VISIBILITIES = ['private', 'shared']

const utf8 = new TextEncoder()

/** True for an attribute that every image has. */
export function isBaseAttribute(name: string): boolean {
  return BASE.has(name)
}

/**
 * True for an attribute that can be replaced although the image does not show it: an empty description is not shown.
 */
export function isReplaceable(name: string): boolean {
  return BASE.has(name) || name === '__description' || name === 'description'
}

/** Throws `attribute-read-only` for an attribute that clients cannot set, and `request-invalid` for an invalid name. */
export function checkAttributeName(name: string, field: string): void {
  if (name === '') throw invalid(field, { name: 'not-blank' }, name)
  // An import refuses this name, and every exported line must be importable.
  if (name === '__proto__') throw invalid(field, { name: 'unknown-member' }, name)
  const actual = countCodePoints(name)
  const limit = ATTRIBUTE_NAME_CHARACTERS_MAX
  if (actual > limit) throw invalid(field, { name: 'characters-max', limit, actual }, name)
  if (READ_ONLY.has(name)) throw readOnly(field, name)
}

/** The error for a read-only attribute. */
export function readOnly(field: string, name: string): DomainError<ImsErrorCode> {
  const rule = { name: 'well-formed', what: 'an attribute that can be changed so' } as const
  return invalid<ImsErrorCode>(field, rule, name, 'attribute-read-only')
}

/** Validates the value of an attribute other than `tags` and gives its stored form. Throws `request-invalid`. */
export function toAttributeValue(name: string, value: unknown, field: string): string | number | boolean {
  switch (name) {
    case 'protected':
    case 'os_hidden':
      return toBoolean(value, field)
    case 'min_disk':
    case 'min_ram':
      return toWholeNumber(value, field)
    case 'visibility':
      if (!VISIBILITIES.includes(value as string))
        throw invalid(field, { name: 'one-of', allowed: VISIBILITIES }, value)
      return value as string
    case 'name':
      return toText(value, field, NAME_CHARACTERS_MAX)
    case 'description':
    case '__description':
      return toDescription(value, field)
    default:
      return toText(BASE.has(name) ? value : asText(value), field, DETAIL_BYTES_MAX)
  }
}

/** Validates a description. Throws `request-invalid`. */
export function toDescription(value: unknown, field: string): string {
  const text = toText(value, field, DESCRIPTION_CHARACTERS_MAX)
  if (!DESCRIPTION_PATTERN.test(text)) {
    throw invalid(field, charactersRule(text, DESCRIPTION_PATTERN, 'characters other than < > and line breaks'), text)
  }
  return text
}

/** Throws `request-invalid` for a detail of more than `DETAIL_BYTES_MAX` bytes. */
export function checkDetail(detail: string): void {
  if (utf8.encode(detail).length > DETAIL_BYTES_MAX) {
    throw invalid('attributes', { name: 'bytes-max', limit: DETAIL_BYTES_MAX })
  }
}

function toText(value: unknown, field: string, charactersMax: number): string {
  if (typeof value !== 'string') throw invalid(field, { name: 'type', expected: 'a string' }, value)
  const actual = countCodePoints(value)
  if (actual > charactersMax) throw invalid(field, { name: 'characters-max', limit: charactersMax, actual }, value)
  return value
}

// COMPAT: Terraform's provider sends max_ram as a number. Answers contain strings, whatever was sent.
function asText(value: unknown): unknown {
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : value
}

// COMPAT: the vendor's pages and SDKs send strings for all values of a patch, Glance clients send JSON types.
function toBoolean(value: unknown, field: string): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw invalid(field, { name: 'type', expected: 'true or false' }, value)
}

function toWholeNumber(value: unknown, field: string): number {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw invalid(field, { name: 'type', expected: 'an integer' }, value)
  }
  if (number < 0) throw invalid(field, { name: 'number-min', limit: 0 }, value)
  if (number > WHOLE_NUMBER_MAX) throw invalid(field, { name: 'number-max', limit: WHOLE_NUMBER_MAX }, value)
  return number
}
