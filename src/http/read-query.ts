import type { TSchema } from 'typebox'
import { unknownParameter } from '../core/errors.ts'
import { similarName } from '../core/similar-name.ts'

type QuerySchema = {
  readonly properties: Readonly<Record<string, { readonly type?: string }>>
  readonly additionalProperties?: unknown
  /** Names of parameters, see `tolerantListQuery`. */
  readonly 'x-refuses-similar-to'?: readonly string[]
}

type Query = Readonly<Record<string, unknown>>

const NO_QUERY: Query = Object.freeze({})

/**
 * Builds the function that converts the query parameters of a URL to the types of a schema. It drops parameters that the
 * schema does not define, unless the schema says in `additionalProperties` what validation does with them. It parses
 * integers and booleans, and wraps the value of an array parameter that occurs once. A value that cannot be parsed stays a
 * string, which validation refuses.
 */
export function queryReader(schema: TSchema): (query: Query) => Query {
  const { properties, additionalProperties, 'x-refuses-similar-to': filters } = schema as unknown as QuerySchema
  const known = Object.entries(properties)
  const names = Object.keys(properties)
  if (additionalProperties !== undefined) return (query) => readAll(query, properties)
  if (known.length === 0) return () => NO_QUERY
  return (query) => {
    if (filters !== undefined) refuseMisspelt(query, names, filters)
    const read: Record<string, unknown> = {}
    for (const [name, property] of known) {
      const value = query[name]
      if (value !== undefined) read[name] = readParameter(value, property)
    }
    return read
  }
}

/** Throws `request-invalid` for an unknown parameter that is similar to a filter. */
function refuseMisspelt(query: Query, known: readonly string[], filters: readonly string[]): void {
  for (const name of Object.keys(query)) {
    if (!known.includes(name) && similarName(name, filters) !== undefined) throw unknownParameter(name, filters)
  }
}

function readAll(query: Query, properties: QuerySchema['properties']): Query {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  // `fromEntries` defines own properties, even for a parameter named `__proto__`.
  return Object.fromEntries(
    given.map(([name, value]) => [
      name,
      readParameter(value, Object.hasOwn(properties, name) ? properties[name] : undefined),
    ]),
  )
}

function readParameter(value: unknown, schema: QuerySchema['properties'][string] | undefined): unknown {
  const type = schema?.type
  if (type === 'array' && !Array.isArray(value)) return [value]
  if (type === 'integer' && typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value)
  return type === 'boolean' ? toBoolean(value) : value
}

/** COMPAT: clients in Python write `True` and `False`, others write 1 and 0; Keystone accepts all of them. */
function toBoolean(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^(true|1)$/i.test(value)) return true
  return /^(false|0)$/i.test(value) ? false : value
}
