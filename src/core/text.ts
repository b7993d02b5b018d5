/** Counts Unicode code points, the unit in which every limit on tag text is given. */
export function countCodePoints(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A low surrogate continues the code point that its high surrogate began.
    if (unit < 0xdc00 || unit > 0xdfff) count++
  }
  return count
}

/**
 * Folds letter case for name search. Lower then upper case, because that is the only order in which folding
 * a part of a text equals the same part of the folded text (a final sigma lower-cases by its position).
 */
export function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase()
}

/**
 * Orders two well-formed texts by code point. The built-in comparison orders by UTF-16 unit, which puts
 * characters above U+FFFF before those of U+E000 to U+FFFF.
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

/** Moves surrogates, which stand for the code points above U+FFFF, behind every other unit. */
function orderOfUnit(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
