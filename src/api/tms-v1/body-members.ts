import type { TSchema } from 'typebox'
import { type DomainError, type ErrorCode, invalid } from '../../core/errors.ts'
import type { TmsErrorCode } from './error-codes.ts'

/** Codes for missing members, by name; the default is `request-invalid`. */
export type MissingCodes = Readonly<Record<string, ErrorCode | TmsErrorCode>>

/** Closes an object schema: additional members are refused. */
export function closed<T extends TSchema>(schema: T): T {
  return { ...schema, additionalProperties: false } as T
}

/**
 * Validates which members an object has, against its schema. The schema validator reports one code for all missing
 * members, while this service has one code for each; unknown members are named here too. Null counts as missing.
 * Throws the code of the first missing member, and `request-invalid` for an unknown one. A value that is not an object
 * is left to the schema validator. `path` locates the object, empty for a whole body.
 */
export function checkMembers(value: unknown, path: string, schema: TSchema, codes: MissingCodes = {}): void {
  if (!isObject(value)) return
  const { properties, required = [] } = schema as unknown as ObjectSchema
  for (const name of required) {
    if (value[name] === undefined || value[name] === null) throw missing(memberOf(path, name), codes[name])
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(properties, name)) throw invalid(memberOf(path, name), { name: 'unknown-member' })
  }
}

type ObjectSchema = { readonly properties: Readonly<Record<string, unknown>>; readonly required?: readonly string[] }

/**
 * Validates the members of each tag of a list, see `checkMembers`; `schema` is the schema of one tag. Throws `tags-
 * missing` for an empty list, and `tags-element-empty` for an item that is null or has no members.
 */
export function checkTagItems(tags: unknown, path: string, schema: TSchema, codes: MissingCodes): void {
  if (!Array.isArray(tags)) return
  if (tags.length === 0) throw invalid<TmsErrorCode>(path, { name: 'items-min', limit: 1 }, tags, 'tags-missing')
  for (const [i, tag] of tags.entries()) {
    if (isEmpty(tag)) throw missing(`${path}[${i}]`, 'tags-element-empty')
    checkMembers(tag, `${path}[${i}]`, schema, codes)
  }
}

/** The error for a missing member. */
export function missing(field: string, code: ErrorCode | TmsErrorCode = 'request-invalid'): DomainError<string> {
  return invalid<ErrorCode | TmsErrorCode>(field, { name: 'required' }, undefined, code)
}

/** True for null and for an object without members. */
export function isEmpty(value: unknown): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0)
}

/** True for a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function memberOf(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
