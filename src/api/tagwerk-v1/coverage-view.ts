import { Type } from 'typebox'
import type { Counted } from '../../catalog/catalog.ts'
import { cellOf, csvRow } from '../../core/csv-cells.ts'

/** Excel does not read UTF-8 without it. */
const BYTE_ORDER_MARK = '\ufeff'
const DIGITS = 4

const fraction = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description: `${description} Null without resources.` })

const numbers = {
  resources: Type.Integer(),
  tagged: Type.Integer({ description: 'Resources that have the key, or any.' }),
  coverage: fraction('`tagged` of `resources`, rounded to four digits.'),
}

const validNumbers = {
  valid: Type.Optional(Type.Integer({ description: 'Those whose value is valid; only for keys that have rules.' })),
  validity: Type.Optional(fraction('`valid` of the resources that the rules are for.')),
}

const typeNumbers = Type.Array(Type.Object({ resource_type: Type.String(), ...numbers, ...validNumbers }))

const momentMembers = {
  ...numbers,
  untagged: Type.Integer({ description: 'Resources without any tag.' }),
  types: Type.Optional(typeNumbers),
  keys: Type.Array(Type.Object({ key: Type.String(), ...numbers, ...validNumbers, types: Type.Optional(typeNumbers) })),
}

/** Schema of the counts of the present. */
export const nowSchema = Type.Object(momentMembers)

/** Schema of the counts of a day. */
export const pointSchema = Type.Object({
  day: Type.String(),
  revision: Type.Integer({ description: 'The last revision of the day.' }),
  ...momentMembers,
})

/** The counts of one key, or of any: those of all types, and of each. */
type OfKey = { all: NumbersBody; readonly types: ({ readonly resource_type: string } & NumbersBody)[] }

type NumbersBody = {
  readonly resources: number
  readonly tagged: number
  readonly coverage: number | null
  readonly valid?: number
  readonly validity?: number | null
}

/** Gives the counts of one moment, in the order of `countCoverage`, as the answer has them. */
export function toMomentBody(counts: readonly Counted[], withTypes: boolean) {
  const ofKeys = byKey(counts)
  const any = ofKeys.get('') ?? { all: toNumbers(0, 0), types: [] }
  ofKeys.delete('')
  return {
    ...any.all,
    untagged: any.all.resources - any.all.tagged,
    ...(withTypes && { types: any.types }),
    keys: Array.from(ofKeys, ([key, { all, types }]) => ({ key, ...all, ...(withTypes && { types }) })),
  }
}

function byKey(counts: readonly Counted[]): Map<string, OfKey> {
  const ofKeys = new Map<string, OfKey>()
  for (const { type, key, rules, resources, tagged, valid } of counts) {
    const known = ofKeys.get(key)
    const ofKey = known ?? { all: toNumbers(0, 0), types: [] }
    if (known === undefined) ofKeys.set(key, ofKey)
    if (rules === '') {
      if (type === '') ofKey.all = toNumbers(resources, tagged)
      else ofKey.types.push({ resource_type: type, ...toNumbers(resources, tagged) })
      continue
    }
    const validBody = { valid: valid ?? 0, validity: toFraction(valid ?? 0, resources) }
    if (type === '') ofKey.all = { ...ofKey.all, ...validBody }
    else {
      const at = ofKey.types.findIndex(({ resource_type }) => resource_type === type)
      const ofType = ofKey.types[at]
      if (ofType !== undefined) ofKey.types[at] = { ...ofType, ...validBody }
    }
  }
  return ofKeys
}

function toNumbers(resources: number, tagged: number): NumbersBody {
  return { resources, tagged, coverage: toFraction(tagged, resources) }
}

function toFraction(part: number, whole: number): number | null {
  return whole === 0 ? null : Number((part / whole).toFixed(DIGITS))
}

/** The head of the CSV. The row of the whole project has no key and no type. */
export const COVERAGE_CSV_HEAD =
  BYTE_ORDER_MARK + csvRow(['day', 'key', 'resource_type', 'resources', 'tagged', 'coverage', 'valid', 'validity'])

/** Yields the counts of one moment as rows of CSV. */
export function* coverageCsv(day: string, counts: readonly Counted[], withTypes: boolean): Generator<string> {
  for (const [key, { all, types }] of byKey(counts)) {
    yield toRow(day, key, '', all)
    if (withTypes) for (const { resource_type, ...ofType } of types) yield toRow(day, key, resource_type, ofType)
  }
}

function toRow(day: string, key: string, type: string, body: NumbersBody): string {
  const { resources, tagged, coverage, valid = '', validity = '' } = body
  const texts = [resources, tagged, coverage ?? '', valid, validity ?? ''].map(String)
  return csvRow([day, cellOf(key), cellOf(type), ...texts])
}
