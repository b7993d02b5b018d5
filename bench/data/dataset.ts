/** A tag in the format of the API. */
export type DataTag = { readonly key: string; readonly value: string }

/** One image of a data set. */
export type DataResource = {
  readonly id: string
  readonly name: string
  /** The detail object as JSON text. */
  readonly detail: string
  readonly tags: readonly DataTag[]
}

/** The kinds of data sets: generated with a realistic skew, or drawn from real catalogues. */
export type Shape = 'generated' | 'catalogue'

/** Images by number, in order of creation. A number always yields the same image. */
export type Dataset = {
  readonly shape: Shape
  readonly size: number
  at(number: number): DataResource
}

/** Formats a resource as one line of an import, with its line break. */
export function importLine(resource: DataResource, type: 'images' | 'instances' = 'images'): string {
  const { id, name, detail, tags } = resource
  const head = `{"resource_type":"${type}","project":"default","resource_id":"${id}","resource_name":${JSON.stringify(name)}`
  return `${head},"resource_detail":${detail},"tags":${JSON.stringify(tags)}}\n`
}

/** Formats a 32-bit number as eight hexadecimal digits. */
export function hex8(number: number): string {
  return (number >>> 0).toString(16).padStart(8, '0')
}

/** Formats four 32-bit numbers as a version 4 UUID. */
export function uuidOf(a: number, b: number, c: number, d: number): string {
  const [first, second, third, fourth] = [hex8(a), hex8(b), hex8(c), hex8(d)]
  const variant = '89ab'[c >>> 30]
  return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${fourth}`
}
