import { invalid } from '../../core/errors.ts'
import { type DetailMembers, readMembers } from '../imported-detail.ts'
import { toAttributeValue } from './image-attributes.ts'

/** Members that the service shows from elsewhere, whatever a detail says (`toImage`). */
const SHOWN_FROM_ELSEWHERE: ReadonlySet<string> = new Set([
  'id',
  'name',
  'owner',
  'tags',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
])

const VISIBILITIES = ['private', 'shared', 'public']
const IMAGE_TYPES = ['gold', 'private', 'shared', 'market']
const INTEGER_PATTERN = /^\d{1,15}$/

/**
 * Validates the detail of an imported image: every attribute fits `IMAGE_SCHEMA` afterwards. Texts of numbers and of `true`
 * and `false` are converted, and numbers and booleans of other attributes become texts, as in a request to make an image.
 */
export function readImportedImage(detail: DetailMembers, field: string): DetailMembers {
  return readMembers(detail, field, readAttribute)
}

function readAttribute(name: string, value: unknown, field: string): unknown {
  if (SHOWN_FROM_ELSEWHERE.has(name)) return value
  switch (name) {
    case 'status':
      return toStatus(value, field)
    case 'visibility':
      return toOneOf(value, VISIBILITIES, field)
    case '__imagetype':
      return toOneOf(value, IMAGE_TYPES, field)
    case 'size':
    case 'virtual_size':
      return toByteCount(value, field)
    case 'description':
    case '__description':
      // A new description has no line breaks; one that another cloud took may.
      return toText(value, field)
    default:
      return toAttributeValue(name, value, field)
  }
}

function toStatus(value: unknown, field: string): string {
  const status = toText(value, field)
  if (status.trim() === '') throw invalid(field, { name: 'not-blank' }, value)
  return status
}

function toOneOf(value: unknown, allowed: readonly string[], field: string): unknown {
  if (!allowed.includes(value as string)) throw invalid(field, { name: 'one-of', allowed }, value)
  return value
}

function toText(value: unknown, field: string): string {
  if (typeof value !== 'string') throw invalid(field, { name: 'type', expected: 'a string' }, value)
  return value
}

/** Reads a size in bytes, which may exceed the 32 bits of the other numbers. */
function toByteCount(value: unknown, field: string): number {
  const number = typeof value === 'string' && INTEGER_PATTERN.test(value) ? Number(value) : value
  if (!Number.isSafeInteger(number)) throw invalid(field, { name: 'type', expected: 'an integer' }, value)
  if ((number as number) < 0) throw invalid(field, { name: 'number-min', limit: 0 }, value)
  return number as number
}
