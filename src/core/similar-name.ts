/** Names differ at most by this many letters to be called similar. */
const EDITS_MAX = 2

/**
 * Gives the known name that a name was probably meant to be: one that differs only by letter case, `-` and `_`, or else
 * one that is at most two inserted, removed or replaced letters away. Undefined when no known name is similar.
 */
export function similarName(name: string, known: readonly string[]): string | undefined {
  const folded = fold(name)
  const equal = known.find((each) => fold(each) === folded)
  if (equal !== undefined) return equal
  let similar: string | undefined
  let fewest = EDITS_MAX + 1
  for (const each of known) {
    // Two letters are much of a short name.
    const edits = editDistance(folded, fold(each), Math.min(EDITS_MAX, Math.floor(each.length / 2)))
    if (edits < fewest) {
      similar = each
      fewest = edits
    }
  }
  return similar
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '')
}

/** Levenshtein distance of two texts; infinite when it is above `max`. */
function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  const distance = row[b.length] as number
  return distance > max ? Number.POSITIVE_INFINITY : distance
}
