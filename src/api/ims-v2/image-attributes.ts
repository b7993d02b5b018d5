import { type DomainError, invalid } from '../../core/errors.ts'
import { countCodePoints } from '../../core/text.ts'
import type { ImsErrorCode } from './error-codes.ts'
import {
  ATTRIBUTE_NAME_CHARACTERS_MAX,
  DESCRIPTION_CHARACTERS_MAX,
  DETAIL_BYTES_MAX,
  NAME_CHARACTERS_MAX,
  WHOLE_NUMBER_MAX,
} from './limits.ts'

/** What the service alone says of an image. */
const READ_ONLY: ReadonlySet<string> = new Set([
  ...['id', 'owner', 'created_at', 'updated_at', 'self', 'file', 'schema', 'status', 'size', 'virtual_size'],
  ...['checksum', 'os_hash_algo', 'os_hash_value', 'direct_url', 'locations', 'stores', 'deleted', 'deleted_at'],
  ...['__imagetype', '__isregistered', '__image_source_type', '__image_size', '__data_origin'],
])

/** What every image has: it can be given another value, and cannot be taken away. */
const BASE: ReadonlySet<string> = new Set([
  ...['name', 'tags', 'visibility', 'protected', 'min_disk', 'min_ram', 'container_format', 'disk_format'],
  ...['virtual_env_type', 'os_hidden'],
])

/** What visibility an owner can choose: an image for everybody is the operator's (contract D27). */
const VISIBILITIES = ['private', 'shared']

const utf8 = new TextEncoder()

/** Says whether every image has an attribute of this name. */
export function isBaseAttribute(name: string): boolean {
  return BASE.has(name)
}

/** Says whether an attribute can be replaced that the image does not show: a description may be empty. */
export function isReplaceable(name: string): boolean {
  return BASE.has(name) || name === '__description' || name === 'description'
}

/** Throws `attribute-read-only` for what a client cannot say of an image, and `request-invalid` for what is no name. */
export function checkAttributeName(name: string, field: string): void {
  if (name === '') throw invalid(field, { name: 'not-blank' }, name)
  // An import refuses it, and what is exported has to be one.
  if (name === '__proto__') throw invalid(field, { name: 'unknown-member' }, name)
  const actual = countCodePoints(name)
  const limit = ATTRIBUTE_NAME_CHARACTERS_MAX
  if (actual > limit) throw invalid(field, { name: 'characters-max', limit, actual }, name)
  if (READ_ONLY.has(name)) throw readOnly(field, name)
}

/** The error for an attribute that stays as it is. */
export function readOnly(field: string, name: string): DomainError<ImsErrorCode> {
  const rule = { name: 'well-formed', what: 'an attribute that can be changed so' } as const
  return invalid<ImsErrorCode>(field, rule, name, 'attribute-read-only')
}

/** Gives a value of an attribute other than `tags` as it is kept. Throws `request-invalid`. */
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

/** Checks a description of an image. Throws `request-invalid`. */
export function toDescription(value: unknown, field: string): string {
  const text = toText(value, field, DESCRIPTION_CHARACTERS_MAX)
  if (/[\r\n<>]/.test(text)) {
    throw invalid(field, { name: 'characters', allowed: 'characters other than < > and line breaks' }, text)
  }
  return text
}

/** Throws `request-invalid` for a detail that takes more room than there is. */
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

// COMPAT: Terraform's provider sends a number for max_ram. Answers have texts, whatever was sent.
function asText(value: unknown): unknown {
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : value
}

// COMPAT: the vendor's pages and SDKs send texts for every value of a patch, Glance's clients the JSON type.
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
