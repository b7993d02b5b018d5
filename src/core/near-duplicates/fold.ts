/** Characters that spellings of one word differ in. */
const SEPARATORS = /[\s_\-.:/@]/gu
/** The same, without the marks in numbers such as versions and dates. */
const SEPARATORS_OUTSIDE_NUMBERS = /[\s_:/@]|(?<!\d)[-.]|[-.](?!\d)/gu

/** Folds a key, so that spellings that differ in case, width or separators are equal. */
export function foldKey(key: string): string {
  return key.normalize('NFKC').toLowerCase().replace(SEPARATORS, '')
}

/** Folds a value. A dot or hyphen between digits stays: `1.2` is not `12`. */
export function foldValue(value: string): string {
  return value.normalize('NFKC').toLowerCase().replace(SEPARATORS_OUTSIDE_NUMBERS, '')
}
