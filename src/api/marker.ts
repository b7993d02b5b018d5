import { invalid } from '../core/errors.ts'

/** Encodes a keyset cursor. It holds the sort key, not a row id, so paging survives deletion of that row. */
export function toMarker(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/**
 * Decodes a cursor. `kinds` are the types of its sort keys, `field` is the name of the parameter. Throws `marker-invalid` for a string that `toMarker`
 * cannot have written.
 */
export function fromMarker(
  marker: string,
  kinds: readonly ('string' | 'number')[],
  field = 'marker',
): readonly unknown[] {
  const place = parse(Buffer.from(marker, 'base64url').toString())
  const fits =
    Array.isArray(place) &&
    place.length === kinds.length &&
    place.every((part, i) => typeof part === kinds[i]) &&
    toMarker(place) === marker
  if (!fits)
    throw invalid(field, { name: 'well-formed', what: 'a marker of an earlier page' }, marker, 'marker-invalid')
  return place
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
