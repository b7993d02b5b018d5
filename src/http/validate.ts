import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { TSchema } from 'typebox'
import { DomainError, type Facts, type Rule, unknownMember, unknownParameter } from '../core/errors.ts'
import { countCodePoints } from '../core/text.ts'

/** Our annotations of JSON Schema, see `defineRoute`. */
type Annotations = {
  readonly 'x-error'?: string
  /** Name of the rule that `pattern` implements, for the error message. */
  readonly 'x-rule'?: 'not-blank'
}

// No coercion: the vendors' APIs refuse a number where a string is expected, and the reverse.
const ajv = new Ajv({
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: true,
  verbose: true,
  strict: false,
  // Tests validate the schemas through the OpenAPI documents. Here, validation would compile the JSON Schema meta-schema
  // during the first request, which takes longer than any request.
  meta: false,
  validateSchema: false,
  // Optimizing the generated code doubles the compile time, and V8 optimizes it anyway.
  code: { optimize: false },
})

/** Validates a value and fills in defaults in place. Throws a DomainError with the field, the rule and the value. */
export type Validator = (value: unknown) => void

/**
 * Builds the validator of a schema. `name` denotes the whole value in messages; `isText` is true for values from a URL. The
 * schema is compiled on first use, because compiling the schemas of all routes would take much of the time to start.
 */
export function validatorFor(schema: TSchema, name: string, isText = false): Validator {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= ajv.compile(schema)
    if (validate(value)) return
    const errors = validate.errors as readonly ErrorObject[]
    // For a failed `anyOf`, its own error is clearer than the error of its last alternative.
    const error = errors.find(({ keyword }) => keyword === 'anyOf') ?? (errors[0] as ErrorObject)
    throw new DomainError<string>(codeOf(error, isText), factsOf(error, name))
  }
}

function annotationsOf(error: ErrorObject): Annotations {
  return (error.parentSchema ?? {}) as Annotations
}

function codeOf(error: ErrorObject, isText: boolean): string {
  // In JSON a wrong type is an error of shape, not of content (contract D25); URL parameters have no types.
  if (error.keyword === 'type' && !isText) return 'request-invalid'
  // The annotation of an object is the code of a missing member.
  if (error.keyword === 'additionalProperties') return 'request-invalid'
  return annotationsOf(error)['x-error'] ?? 'request-invalid'
}

function factsOf(error: ErrorObject, name: string): Facts {
  const path = fieldOf(error.instancePath)
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string }
    return { field: path === '' ? missingProperty : `${path}.${missingProperty}`, rule: { name: 'required' } }
  }
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty } = error.params as { additionalProperty: string }
    const { properties = {} } = error.parentSchema as { properties?: object }
    const field = path === '' ? additionalProperty : `${path}.${additionalProperty}`
    const known = Object.keys(properties)
    if (name === 'query' && path === '') return unknownParameter(field, known).facts
    return unknownMember(field, additionalProperty, known).facts
  }
  if (error.keyword === 'uniqueItems') {
    const { i } = error.params as { i: number }
    return { field: `${path}[${i}]`, rule: { name: 'unique' }, value: (error.data as unknown[])[i] }
  }
  return { field: path === '' ? name : path, rule: ruleOf(error), value: error.data }
}

/** Converts the JSON pointer `/tags/0/key` to `tags[0].key`. */
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
