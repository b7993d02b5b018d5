import type { ResourceTypes } from '../../core/resource-types.ts'

/** One tag of a resource. */
export type ConvertedTag = { readonly key: string; readonly value: string }

/** One resource, as a line of an import has it. */
export type Converted = {
  readonly type: string
  readonly id: string
  readonly name?: string | undefined
  /** Name of the project; undefined for the one that the import chooses. */
  readonly project?: string | undefined
  readonly createdAt?: string | undefined
  /** Further facts. Members that are undefined are left out. */
  readonly detail?: Readonly<Record<string, string | undefined>>
  readonly tags: readonly ConvertedTag[]
}

/** What a conversion knows besides the document. */
export type ConvertContext = {
  readonly types: ResourceTypes
  /** The type of resources whose document does not say it. */
  readonly type: string | undefined
  /** Counts something of the document that becomes no resource; `what` is a plural such as `data sources`. */
  readonly leaveOut: (what: string) => void
  /** Says something about the whole document, a sentence without its full stop. */
  readonly warn: (sentence: string) => void
}

/** Makes resources out of the document that one program prints. */
export type Converter = {
  /** The value of `--from`. */
  readonly name: string
  /** What the document is, with its article. */
  readonly title: string
  /** A command that prints one. */
  readonly madeBy: string
  /** Whether a document is of this kind. */
  readonly recognizes: (document: unknown) => boolean
  /** Gives the resources of a document of this kind. Throws a ConvertError. */
  readonly convert: (document: unknown, context: ConvertContext) => Iterable<Converted>
}

/** Thrown for a document that cannot be converted. The message names the place in it. */
export class ConvertError extends Error {}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Gives the items of an array with their places; none if the member is missing or null. Throws a ConvertError. */
export function* itemsOf(value: unknown, place: string): Generator<readonly [item: Json, place: string]> {
  if (value === undefined || value === null) return
  if (!Array.isArray(value)) throw new ConvertError(`${place}: must be an array`)
  for (const [i, item] of value.entries()) {
    if (!isObject(item)) throw new ConvertError(`${place}[${i}]: must be an object`)
    yield [item, `${place}[${i}]`]
  }
}

/** Gives the first of some members that is a text with content. */
export function textOf(item: Json, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = item[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}

/** The same, of a member that every resource of the document has. Throws a ConvertError. */
export function requiredText(item: Json, place: string, ...names: readonly string[]): string {
  const text = textOf(item, ...names)
  if (text === undefined)
    throw new ConvertError(`${place}: has no text ${names.map((name) => `"${name}"`).join(' or ')}`)
  return text
}

/** Gives a time as an import reads it: of a text, or of seconds since 1970. Undefined for anything else. */
export function timeOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const time = new Date(typeof value === 'number' ? value * 1000 : value)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

/** The names of the two members of a tag in lists, by program. */
const PAIRS = [
  ['key', 'value'],
  ['Key', 'Value'],
  ['tagName', 'tagValue'],
] as const

/**
 * Gives the tags of a map, of a list of pairs, or of a list of texts `key=value`. Null and a missing list are no tags, a
 * missing value is the empty one; numbers and booleans become texts. Throws a ConvertError for anything else.
 */
export function tagsOf(value: unknown, place: string): readonly ConvertedTag[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map((item, i) => tagOf(item, `${place}[${i}]`))
  if (!isObject(value)) throw new ConvertError(`${place}: must be an object or an array`)
  return Object.entries(value).map(([key, text]) => ({ key, value: scalar(text, `${place}.${key}`) }))
}

function tagOf(item: unknown, place: string): ConvertedTag {
  if (typeof item === 'string') {
    const end = item.indexOf('=')
    return end === -1 ? { key: item, value: '' } : { key: item.slice(0, end), value: item.slice(end + 1) }
  }
  if (isObject(item)) {
    for (const [keyName, valueName] of PAIRS) {
      const key = item[keyName]
      if (typeof key === 'string') return { key, value: scalar(item[valueName], `${place}.${valueName}`) }
    }
  }
  throw new ConvertError(`${place}: must be a text, or an object with "key" and "value" or "Key" and "Value"`)
}

function scalar(value: unknown, place: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') throw new ConvertError(`${place}: must be a text`)
  return String(value)
}

/** Gives the value of a tag. */
export function tagValue(tags: readonly ConvertedTag[], key: string): string | undefined {
  return tags.find((tag) => tag.key === key)?.value || undefined
}
