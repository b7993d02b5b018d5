import { TimeSlice } from '../catalog/time-slice.ts'

/** Texts are encoded together up to this length: one text of many megabytes would block the event loop when it is sent. */
const PART_CHARACTERS = 65_536

/** A JSON body: a text, or the bytes of a long one in parts. */
export type EncodedBody = string | Uint8Array | readonly Uint8Array[]

/** Joins texts to a body, in time slices. `owner`: see `TimeSlice`. */
export async function joinInSlices(texts: Iterable<string>, owner: string): Promise<EncodedBody> {
  const slice = new TimeSlice(owner)
  const parts: Uint8Array[] = []
  let text = ''
  for (const piece of texts) {
    text += piece
    if (text.length >= PART_CHARACTERS) {
      parts.push(Buffer.from(text))
      text = ''
    }
    if (slice.isOver) await slice.yield()
  }
  if (parts.length === 0) return text
  return text === '' ? parts : [...parts, Buffer.from(text)]
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
