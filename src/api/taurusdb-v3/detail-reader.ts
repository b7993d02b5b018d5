/** What a catalogue knows about an instance besides name and tags: whatever was registered, so every read is careful. */
export type Recorded = Readonly<Record<string, unknown>>

/** Gives the members of a detail. */
export function readDetail(detail: string): Recorded {
  return JSON.parse(detail) as Recorded
}

/** Gives a text, or a number as one (D23); undefined for anything else and for the empty text. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Gives the texts of a list; undefined when it is none. */
export function textsIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

/** Gives a number; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** Gives the objects of a list; undefined when it is none. */
export function objectsIn(value: unknown): readonly Recorded[] | undefined {
  return Array.isArray(value) ? value.filter(isObject) : undefined
}

/** Gives some members of an object as texts; undefined when there are none. */
export function partIn(value: unknown, names: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (!isObject(value)) return undefined
  const members = names.flatMap((name) => {
    const text = textIn(value[name])
    return text === undefined ? [] : [[name, text] as const]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

function isObject(value: unknown): value is Recorded {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
