import type { TObject } from 'typebox'

/** The part of a schema that `withoutNulls` reads. */
type Shape = {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
}

/**
 * A body in which null is the same as a missing value for optional members. For other members null is a wrong type.
 * COMPAT: openstacksdk sends null for members that its user did not set, and Keystone accepts it.
 */
export function nullableBody<const B extends TObject>(body: B) {
  return { body, prepareBody: (value: unknown) => withoutNulls(value, body as Shape) }
}

/** Removes null members that are optional. Recursion is bounded by the schema, not by the request. */
function withoutNulls(value: unknown, { properties, required = [] }: Shape): unknown {
  if (properties === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value).flatMap(([name, member]) => {
    const shape = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (shape === undefined) return [[name, member]]
    return member === null && !required.includes(name) ? [] : [[name, withoutNulls(member, shape)]]
  })
  return Object.fromEntries(members)
}
