import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { TSchema } from 'typebox'
import { DomainError, type ErrorCode, type Facts, type Rule } from '../core/errors.ts'
import { countCodePoints } from '../core/text.ts'

/** What schemas carry beyond JSON Schema, see `defineRoute`. */
type Annotations = {
  readonly 'x-error'?: ErrorCode
  /** Name of the rule that `pattern` stands for. */
  readonly 'x-rule'?: 'not-blank'
}

// Nothing is changed to make it fit: a vendor's API that wants a text does not take a number (and the other way round).
const ajv = new Ajv({
  ...{ coerceTypes: false, removeAdditional: false, useDefaults: true, verbose: true, strict: false },
  // That schemas are sound is seen in tests, by the documents they go into. To look again, ajv compiles the schema of schemas
  // with the first call of all, which holds that up for longer than anything that was asked for.
  ...{ meta: false, validateSchema: false },
  // Tidying up the code of a check takes as long as making it, and what runs it does the same.
  code: { optimize: false },
})

/** Checks a value and fills in defaults. Throws a DomainError that names the field, the rule and the value. */
export type Validator = (value: unknown) => void

/**
 * Makes the check of one schema. `name` stands for the whole value in messages, `isText` says that it comes from a URL. The
 * schema is compiled with the first value: to compile those of all routes is a good part of a start.
 */
export function validatorFor(schema: TSchema, name: string, isText = false): Validator {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= ajv.compile(schema)
    if (validate(value)) return
    const errors = validate.errors as readonly ErrorObject[]
    // Of a failed choice the choice itself says more than its last alternative.
    const error = errors.find(({ keyword }) => keyword === 'anyOf') ?? (errors[0] as ErrorObject)
    throw new DomainError(codeOf(error, isText), factsOf(error, name))
  }
}

function annotationsOf(error: ErrorObject): Annotations {
  return (error.parentSchema ?? {}) as Annotations
}

function codeOf(error: ErrorObject, isText: boolean): ErrorCode {
  // In JSON a wrong type is a fault of the shape, not of the content (contract D25); a URL has no types.
  if (error.keyword === 'type' && !isText) return 'request-invalid'
  return annotationsOf(error)['x-error'] ?? 'request-invalid'
}

function factsOf(error: ErrorObject, name: string): Facts {
  const path = fieldOf(error.instancePath)
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string }
    return { field: path === '' ? missingProperty : `${path}.${missingProperty}`, rule: { name: 'required' } }
  }
  if (error.keyword === 'uniqueItems') {
    const { i } = error.params as { i: number }
    return { field: `${path}[${i}]`, rule: { name: 'unique' }, value: (error.data as unknown[])[i] }
  }
  return { field: path === '' ? name : path, rule: ruleOf(error), value: error.data }
}

/** Turns `/tags/0/key` into `tags[0].key`. */
function fieldOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('')
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
}

function ruleOf(error: ErrorObject): Rule {
  const { keyword, params, data } = error
  const limit = Number((params as { limit?: number }).limit)
  switch (keyword) {
    case 'type': {
      const { type } = params as { type: string | readonly string[] }
      return {
        name: 'type',
        expected: [type]
          .flat()
          .map((each) => TYPE_NAMES[each] ?? each)
          .join(' or '),
      }
    }
    case 'enum':
      return { name: 'one-of', allowed: (params as { allowedValues: string[] }).allowedValues }
    case 'pattern':
      return annotationsOf(error)['x-rule'] === 'not-blank'
        ? { name: 'not-blank' }
        : { name: 'well-formed', what: `text that matches ${(params as { pattern: string }).pattern}` }
    case 'minLength':
      return limit === 1 ? { name: 'not-blank' } : { name: 'characters-min', limit }
    case 'maxLength':
      return { name: 'characters-max', limit, actual: countCodePoints(String(data)) }
    case 'minItems':
      return { name: 'items-min', limit }
    case 'maxItems':
      return { name: 'items-max', limit }
    case 'minimum':
      return { name: 'number-min', limit }
    case 'maximum':
      return { name: 'number-max', limit }
    default:
      return { name: 'well-formed', what: error.message ?? keyword }
  }
}

type QuerySchema = {
  readonly properties: Readonly<Record<string, { readonly type?: string }>>
  readonly additionalProperties?: unknown
}

type Query = Readonly<Record<string, unknown>>

const NO_QUERY: Query = Object.freeze({})

/**
 * Makes what gives the query of a URL as a schema names it: only parameters that the schema knows, unless it says of
 * what kind others are; whole numbers read from their one spelling, booleans from a few; a list that has one item as a
 * list all the same. What is not spelled so stays a text, which the check then refuses.
 */
export function queryReader(schema: TSchema): (query: Query) => Query {
  const { properties, additionalProperties } = schema as unknown as QuerySchema
  const known = Object.entries(properties)
  if (typeof additionalProperties === 'object') return (query) => readAll(query, properties)
  if (known.length === 0) return () => NO_QUERY
  return (query) => {
    const read: Record<string, unknown> = {}
    for (const [name, property] of known) {
      const value = query[name]
      if (value !== undefined) read[name] = readParameter(value, property)
    }
    return read
  }
}

function readAll(query: Query, properties: QuerySchema['properties']): Query {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  // From entries, because a parameter may have the name of what every object inherits.
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

/** COMPAT: clients in Python write `True` and `False`, some write 1 and 0; Keystone takes them all. */
function toBoolean(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^(true|1)$/i.test(value)) return true
  return /^(false|0)$/i.test(value) ? false : value
}
