import type { TObject } from 'typebox'

/** What is looked at of a schema. */
type Shape = {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
}

/**
 * The body of a call in which null stands for a member that was left out, where it may be; anywhere else null is a wrong
 * type as ever. COMPAT: openstacksdk sends null for what its user did not say, and Keystone takes it so.
 */
export function nullableBody<const B extends TObject>(body: B) {
  return { body, prepareBody: (given: unknown) => withoutNulls(given, body as Shape) }
}

/** Goes no deeper than the schema does, whatever is sent. */
function withoutNulls(given: unknown, { properties, required = [] }: Shape): unknown {
  if (properties === undefined || typeof given !== 'object' || given === null || Array.isArray(given)) return given
  const members = Object.entries(given).flatMap(([name, value]) => {
    const shape = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (shape === undefined) return [[name, value]]
    return value === null && !required.includes(name) ? [] : [[name, withoutNulls(value, shape)]]
  })
  return Object.fromEntries(members)
}
