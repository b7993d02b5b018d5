/** Words for the same thing, the usual first. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['environment', 'env', 'stage', '环境'],
  ['application', 'app', '应用'],
  ['owner', 'team', '负责人', '部门'],
  ['cost', 'billing', '成本', '费用'],
  ['department', 'dept'],
  ['project', 'proj', '项目'],
  ['product', 'prod', '产品'],
]

const USUAL = new Map(SYNONYMS.flatMap(([usual = '', ...others]) => others.map((word) => [word, usual] as const)))

/** Letters, digits, and the other characters between them. */
const WORDS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\d+/gu

/**
 * Gives the words of a text in order of the alphabet, each in its singular and usual form. Two texts with the same words mean
 * the same. Digits stay in the order of the text: `2024-01` is not `01-2024`. Empty for a text without words.
 */
export function relatedForm(text: string, hasSynonyms: boolean): string {
  const parts = text.normalize('NFKC').match(WORDS) ?? []
  const words = parts.filter((part) => !/\d/.test(part)).map((part) => usualForm(part.toLowerCase(), hasSynonyms))
  const digits = parts.filter((part) => /\d/.test(part))
  return [...words.sort(), ...digits].join(' ')
}

function usualForm(word: string, hasSynonyms: boolean): string {
  const singular = word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
  return hasSynonyms ? (USUAL.get(singular) ?? singular) : singular
}
