import { readFileSync } from 'node:fs'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { describeFacts } from '../api/error-text.ts'
import { parseJson } from '../api/json.ts'
import { DomainError } from '../core/errors.ts'
import { WIDE_LIMITS } from '../core/profile.ts'
import type { ResourceTypeRow } from '../core/resource-type-rows.ts'
import {
  InvalidTypeRows,
  ResourceTypes,
  TYPE_NAME_ALLOWED,
  TYPE_NAME_CHARACTERS_MAX,
  TYPE_NAME_PATTERN,
} from '../core/resource-types.ts'

/** Faults that the error names. */
const FAULTS_NAMED_MAX = 20
const FILE_BYTES_MAX = 2 ** 20
const ROWS_MAX = 1000
const ALIASES_MAX = 20
const DISPLAY_CHARACTERS_MAX = 128
const VALUE_CHARACTERS_SHOWN_MAX = 60

// Each description follows "must be" in the error for a member.

const typeName = (more: object) =>
  Type.String({ maxLength: TYPE_NAME_CHARACTERS_MAX, pattern: TYPE_NAME_PATTERN.source, ...more })
const displayName = Type.String({
  maxLength: DISPLAY_CHARACTERS_MAX,
  pattern: '^\\S(.*\\S)?$',
  description: `a text of 1 to ${DISPLAY_CHARACTERS_MAX} characters without blanks at its ends`,
})
const NAME = `a text of 1 to ${TYPE_NAME_CHARACTERS_MAX} ${TYPE_NAME_ALLOWED}`

const numberUpTo = (maximum: number) =>
  Type.Integer({ minimum: 1, maximum, description: `a whole number from 1 to ${maximum}` })

const limits = Type.Object({
  keyCharactersMax: numberUpTo(WIDE_LIMITS.keyCharactersMax),
  valueCharactersMax: numberUpTo(WIDE_LIMITS.valueCharactersMax),
  tagsMax: numberUpTo(WIDE_LIMITS.tagsPerResourceMax),
})

const row = Type.Object({
  name: typeName({ description: NAME }),
  aliases: Type.Optional(
    Type.Array(typeName({}), { maxItems: ALIASES_MAX, description: `a list of at most ${ALIASES_MAX}, each ${NAME}` }),
  ),
  service: Type.String({
    pattern: '^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$',
    description: 'a text of 1 to 64 digits, letters, "_" and "-", beginning with a digit or letter',
  }),
  en: displayName,
  zh: Type.Optional(displayName),
  global: Type.Optional(Type.Boolean({ description: 'true or false' })),
  shape: Type.Union([Type.Literal('short'), Type.Literal('long'), limits], {
    description: '"short", "long", or an object with keyCharactersMax, valueCharactersMax and tagsMax',
  }),
})

/**
 * Reads the rows of `--resource-types`; none without a file. Throws an Error that names the file, the row and the member,
 * or the two types that share a name.
 */
export function readResourceTypeRows(file: string | undefined): readonly ResourceTypeRow[] {
  if (file === undefined) return []
  const label = `--resource-types ${file}`
  const given = parseFile(file, label)
  if (!Array.isArray(given)) throw new Error(`${label}: the file must hold a JSON array of types, such as ${EXAMPLE}`)
  if (given.length > ROWS_MAX) throw new Error(`${label}: at most ${ROWS_MAX} types are allowed, not ${given.length}`)
  const faults = given.flatMap((each, i) => faultsOf(each, row, placeOf(each, i)))
  if (faults.length > 0) {
    const named = faults.slice(0, FAULTS_NAMED_MAX)
    const more = faults.length > named.length ? [`and ${faults.length - named.length} more`] : []
    throw new Error([`${label}: correct these members:`, ...named, ...more].join('\n'))
  }
  const rows = (given as readonly Static<typeof row>[]).map(toRow)
  try {
    ResourceTypes.builtIn.with(rows)
  } catch (error) {
    if (!(error instanceof InvalidTypeRows)) throw error
    throw new Error(`${label}: ${error.message}. Rename it, or remove it from the file`, { cause: error })
  }
  return rows
}

const EXAMPLE = '[{"name":"app","service":"shop","en":"Application","shape":"long"}]'

function parseFile(file: string, label: string): unknown {
  try {
    const bytes = readFileSync(file)
    if (bytes.length > FILE_BYTES_MAX) throw new Error(`${label} is longer than ${FILE_BYTES_MAX} bytes`)
    return parseJson(bytes, 'the file')
  } catch (error) {
    if (error instanceof DomainError) {
      throw new Error(`${label}: ${describeFacts(error.facts, 'en-us')}`, { cause: error })
    }
    const { code } = error as NodeJS.ErrnoException
    throw code === undefined ? error : new Error(`${label} cannot be read: ${code}`, { cause: error })
  }
}

/** Such as `row 2 (app)`. */
function placeOf(given: unknown, index: number): string {
  const { name } = (given ?? {}) as { readonly name?: unknown }
  return typeof name === 'string' && TYPE_NAME_PATTERN.test(name) ? `row ${index + 1} (${name})` : `row ${index + 1}`
}

type Member = TSchema & { readonly description: string }
type ObjectSchema = TSchema & {
  readonly properties: Readonly<Record<string, Member>>
  readonly required?: readonly string[]
}

/** Everything that is wrong with an object, member by member; unknown members are refused. */
function faultsOf(given: unknown, schema: TSchema, place: string): readonly string[] {
  const { properties, required = [] } = schema as ObjectSchema
  if (!isObject(given)) return [`${place}: must be an object, not ${shown(given)}`]
  const known = Object.keys(properties)
  const unknown = Object.keys(given).filter((name) => !known.includes(name))
  const missing = required.filter((name) => given[name] === undefined)
  const wrong = known.flatMap((name) => {
    const [value, member] = [given[name], properties[name] as Member]
    if (value === undefined) return []
    if (name === 'shape' && isObject(value)) return faultsOf(value, limits, `${place}, shape`)
    return Value.Check(member, value) ? [] : [`${place}: "${name}" must be ${member.description}, not ${shown(value)}`]
  })
  return [
    ...unknown.map((name) => `${place}: there is no member "${name}"; the members are ${known.join(', ')}`),
    ...missing.map((name) => `${place}: "${name}" is missing: add ${properties[name]?.description}`),
    ...wrong,
  ]
}

function toRow({ shape, zh, global, ...given }: Static<typeof row>): ResourceTypeRow {
  const rules = typeof shape === 'string' ? { shape } : { shape: 'long' as const, ...shape }
  return { ...given, ...rules, zh: zh ?? given.en, ...(global === true && { isGlobal: true }) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > VALUE_CHARACTERS_SHOWN_MAX ? `${text.slice(0, VALUE_CHARACTERS_SHOWN_MAX)}...` : text
}
