import type { TSchema } from 'typebox'
import { type DomainError, type ErrorCode, invalid } from '../../core/errors.ts'
import type { TmsErrorCode } from './error-codes.ts'

/** The codes for members that are not there, where it is not `request-invalid`. */
export type MissingCodes = Readonly<Record<string, ErrorCode | TmsErrorCode>>

/** Gives the schema of an object for objects that have no other members than those it names. */
export function closed<T extends TSchema>(schema: T): T {
  return { ...schema, additionalProperties: false } as T
}

/**
 * Checks that an object has the members that its schema asks for and no others: a schema has one code for all that are
 * missing, this service one for each, and only here is one that is not known named. A member that is null counts as
 * missing. Throws the code of the first that is missing, and `request-invalid` for one that is not known. What is no object
 * is left to the schema. `path` is where the object stands, empty for a whole body.
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
 * Checks the members of each item of a list of tags, see `checkMembers`; `schema` is that of one. Throws `tags-missing` for
 * an empty list, and `tags-element-empty` for an item that is null or has no members.
 */
export function checkTagItems(tags: unknown, path: string, schema: TSchema, codes: MissingCodes): void {
  if (!Array.isArray(tags)) return
  if (tags.length === 0) throw invalid<TmsErrorCode>(path, { name: 'items-min', limit: 1 }, tags, 'tags-missing')
  for (const [i, tag] of tags.entries()) {
    if (isEmpty(tag)) throw missing(`${path}[${i}]`, 'tags-element-empty')
    checkMembers(tag, `${path}[${i}]`, schema, codes)
  }
}

/** The failure of what has to be there and is not. */
export function missing(field: string, code: ErrorCode | TmsErrorCode = 'request-invalid'): DomainError<string> {
  return invalid<ErrorCode | TmsErrorCode>(field, { name: 'required' }, undefined, code)
}

/** Says of a value that it is null or an object without members. */
export function isEmpty(value: unknown): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0)
}

/** Says whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function memberOf(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
