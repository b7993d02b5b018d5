/** Counts Unicode code points, the unit of all limits on tag text. */
export function countCodePoints(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // The low surrogate of a pair does not start a code point.
    if (unit < 0xdc00 || unit > 0xdfff) count++
  }
  return count
}

/**
 * Folds case for the search in names. Lower case first, then upper case: a final sigma lower-cases by its position, and
 * only this order makes the folding of a substring a substring of the folded text.
 */
export function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase()
}

/**
 * Compares two well-formed texts by code point. The built-in comparison is by UTF-16 code unit, which sorts characters
 * above U+FFFF before U+E000 to U+FFFF.
 */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const unitA = a.charCodeAt(i)
    const unitB = b.charCodeAt(i)
    if (unitA !== unitB) return orderOfUnit(unitA) - orderOfUnit(unitB)
  }
  return a.length - b.length
}

/** Sorts surrogates, which encode code points above U+FFFF, after all other code units. */
function orderOfUnit(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
