import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { oneOf, textOf } from '../router-search.ts'
import { MOVEMENTS, type Movement } from './difference.ts'

/** What the address of Compare says. */
export type CompareSearch = {
  /** A revision or a time; undefined: a week ago, or the beginning of a younger project. */
  readonly from: string | undefined
  /** The same; undefined: now. */
  readonly to: string | undefined
  /** The text of an expression; undefined: all resources. */
  readonly filter: string | undefined
  /** Only resources with this movement. */
  readonly movement: Movement | undefined
}

/** Reads the query of an address of Compare. */
export function readSearch(raw: Readonly<Record<string, unknown>>): CompareSearch {
  return {
    from: textOf(raw.from) || undefined,
    to: textOf(raw.to) || undefined,
    filter: textOf(raw.filter) || undefined,
    movement: oneOf(raw.movement, MOVEMENTS),
  }
}

/** The state of Compare, which the address holds, and the function that changes it. */
export function useCompareSearch() {
  const raw: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const search = useMemo(() => readSearch(raw), [raw])
  const change = useCallback(
    (changes: Partial<CompareSearch>, how?: 'replace') =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace: how === 'replace' }),
    [navigate],
  )
  return { search, change }
}
