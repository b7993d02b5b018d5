import { oneOf, textOf } from '../router-search.ts'

/** The kinds of near-duplicates, the surest first, and the groups that somebody says are none. */
export const KINDS = ['certain', 'look-alike', 'related', 'perhaps', 'ignored'] as const
export type Kind = (typeof KINDS)[number]

/** What the address of Clean-up says: the kind, and with a key its values instead of the keys. */
export type CleanUpSearch = {
  readonly of: 'keys' | 'values'
  /** The key whose values are compared; undefined: the most used one. */
  readonly key: string | undefined
  readonly kind: Kind
}

export function toCleanUpSearch(search: Readonly<Record<string, unknown>>): CleanUpSearch {
  const key = textOf(search.key)
  const of = key === undefined ? (oneOf(search.of, ['keys', 'values']) ?? 'keys') : 'values'
  return { of, key, kind: oneOf(search.kind, KINDS) ?? 'certain' }
}

/** The query of an address; what is the default is left out. */
export function fromCleanUpSearch({ of, key, kind }: CleanUpSearch): Record<string, string | undefined> {
  return {
    of: of === 'values' && key === undefined ? of : undefined,
    key: of === 'values' ? key : undefined,
    kind: kind === 'certain' ? undefined : kind,
  }
}
