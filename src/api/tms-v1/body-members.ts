import { type ErrorCode, invalid } from '../../core/errors.ts'

/** Members that an object has to have, each with the code for it not being there. */
export type RequiredMembers = Readonly<Record<string, ErrorCode>>

/**
 * Checks which members an object has: a schema has one code for all that are missing, this service one for each. A member
 * that is null counts as missing. Throws the code of the first that is missing, and `request-invalid` for one that is not
 * known. What is no object is left to the schema. `path` is where the object stands, empty for a whole body.
 */
export function checkMembers(
  value: unknown,
  path: string,
  required: RequiredMembers,
  optional: readonly string[] = [],
): void {
  if (!isObject(value)) return
  for (const [name, code] of Object.entries(required)) {
    if (value[name] === undefined || value[name] === null) {
      throw invalid(memberOf(path, name), { name: 'required' }, undefined, code)
    }
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(required, name) || optional.includes(name)) continue
    throw invalid(memberOf(path, name), { name: 'unknown-member' })
  }
}

/**
 * Checks the members of each item of a list of tags. Throws `tags-missing` for an empty list, and `tags-element-empty`
 * for an item that is null or has no members.
 */
export function checkTagItems(
  tags: unknown,
  path: string,
  required: RequiredMembers,
  optional: readonly string[] = [],
): void {
  if (!Array.isArray(tags)) return
  if (tags.length === 0) throw invalid(path, { name: 'items-min', limit: 1 }, tags, 'tags-missing')
  for (const [i, tag] of tags.entries()) {
    if (isEmpty(tag)) throw invalid(`${path}[${i}]`, { name: 'required' }, undefined, 'tags-element-empty')
    checkMembers(tag, `${path}[${i}]`, required, optional)
  }
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
