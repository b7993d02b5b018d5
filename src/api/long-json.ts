import { TimeSlice } from '../catalog/time-slice.ts'
import { type TextPart, TextParts } from './text-parts.ts'

/** A JSON body: a text, or the bytes of a long one in parts. */
export type EncodedBody = string | Uint8Array | readonly Uint8Array[]

/** These members of a reply. */
export type JoinedBody = { readonly encoded: EncodedBody; readonly release: () => void }

/** Joins texts to the body of a reply, in time slices. `owner`: see `TimeSlice`. */
export async function joinInSlices(texts: Iterable<string>, owner: string): Promise<JoinedBody> {
  const slice = new TimeSlice(owner)
  const encoder = new TextParts()
  const parts: TextPart[] = []
  for (const piece of texts) {
    const full = encoder.add(piece)
    if (full !== undefined) parts.push(full)
    if (slice.isOver) await slice.yield()
  }
  const rest = encoder.end()
  if (typeof rest === 'string') return { encoded: rest, release: () => undefined }
  parts.push(...rest)
  const release = () => {
    for (const part of parts) part.release()
  }
  return { encoded: parts.map(({ bytes }) => bytes), release }
}

/** Yields texts between two others. */
export function* jsonTexts(before: string, texts: Iterable<string>, after: string): Generator<string> {
  yield before
  yield* texts
  yield after
}

/** Yields the JSON of items as an array between two texts. */
export function* jsonArray<T>(
  before: string,
  items: Iterable<T>,
  toJson: (item: T) => string,
  after: string,
): Generator<string> {
  yield `${before}[`
  let separator = ''
  for (const item of items) {
    yield separator + toJson(item)
    separator = ','
  }
  yield `]${after}`
}
