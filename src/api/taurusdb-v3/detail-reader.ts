/** The detail of an instance. An import accepts any members of any type, so every read checks the type. */
export type Detail = Readonly<Record<string, unknown>>

/** Parses the JSON text of a detail. */
export function readDetail(detail: string): Detail {
  return JSON.parse(detail) as Detail
}

/** Reads a string, or a number as a string (D23); undefined for the empty string and any other type. */
export function stringIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Reads the strings of an array; undefined for any other type. */
export function stringsIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

/** Reads a number; undefined for any other type. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** Reads the objects of an array; undefined for any other type. */
export function objectsIn(value: unknown): readonly Detail[] | undefined {
  return Array.isArray(value) ? value.filter(isObject) : undefined
}

/** Reads the named members of an object as strings, see `stringIn`; undefined if there are none. */
export function stringMembersIn(
  value: unknown,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (!isObject(value)) return undefined
  const members = names.flatMap((name) => {
    const text = stringIn(value[name])
    return text === undefined ? [] : [[name, text] as const]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

function isObject(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
