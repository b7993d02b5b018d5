import { invalid } from '../../core/errors.ts'

/**
 * Writes a place in an order as a text for callers to hand back. It holds what the order goes by and no number of a
 * record, so that a walk goes on rightly when the record is gone.
 */
export function toMarker(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Reads a marker. `kinds` are the types of what it holds. Throws `marker-invalid` for what `toMarker` never wrote. */
export function fromMarker(marker: string, kinds: readonly ('string' | 'number')[]): readonly unknown[] {
  const place = parse(Buffer.from(marker, 'base64url').toString())
  const fits =
    Array.isArray(place) &&
    place.length === kinds.length &&
    place.every((part, i) => typeof part === kinds[i]) &&
    toMarker(place) === marker
  if (!fits)
    throw invalid('marker', { name: 'well-formed', what: 'a marker of an earlier page' }, marker, 'marker-invalid')
  return place
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
