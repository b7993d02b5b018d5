/** The query of an address: texts, and lists of texts where a name is repeated. */
export type Search = Readonly<Record<string, string | readonly string[] | undefined>>

/** Reads a query as people write it: `?filter=...&column=env&column=team`. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const search: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name]
    search[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return search
}

/** Writes a query; what is undefined, or an empty list, is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined) continue
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each))
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** The text of a name in a query; undefined if it is missing. The last one counts. */
export function textOf(value: unknown): string | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' ? last : undefined
}

/** The texts of a name that may be repeated. */
export function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string')
}

/** A whole number of at least 0; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  const text = textOf(value)
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** One of a few words; undefined for any other. */
export function oneOf<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  return words.find((word) => word === textOf(value))
}
