import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { BASE, useHref } from '../hrefs.ts'
import { type ReadFilter, readFilter } from '../query/filter-text.ts'
import { type Search, textOf, textsOf } from '../router-search.ts'

/** What the address of Explore says. */
export type ExploreSearch = {
  /** The text of an expression; undefined: everything. */
  readonly filter: string | undefined
  /** Resource types; empty: all. */
  readonly types: readonly string[]
  /** Keys that are shown as columns; undefined: the most used ones. */
  readonly columns: readonly string[] | undefined
  /** A revision, or a time by RFC 3339; undefined: now. */
  readonly asOf: string | undefined
  readonly isCoverageShown: boolean
  /** `type/id` of the resource in the drawer. */
  readonly resource: string | undefined
}

/** Reads the query of an address of Explore. */
export function readSearch(raw: Readonly<Record<string, unknown>>): ExploreSearch {
  const columns = raw.column === undefined ? undefined : textsOf(raw.column).filter((key) => key !== '')
  return {
    filter: textOf(raw.filter) || undefined,
    types: textsOf(raw.types),
    columns: columns && [...new Set(columns)],
    asOf: textOf(raw.as_of) || undefined,
    isCoverageShown: textOf(raw.coverage) === 'true',
    resource: textOf(raw.r) || undefined,
  }
}

/** Writes the query of an address of Explore. An empty list of columns stands as one empty name. */
export function writeSearch(search: Partial<ExploreSearch>): Search {
  const { filter, types = [], columns, asOf, isCoverageShown, resource } = search
  return {
    filter,
    types,
    column: columns?.length === 0 ? '' : columns,
    as_of: asOf,
    coverage: isCoverageShown ? 'true' : undefined,
    r: resource,
  }
}

export type ChangeSearch = (changes: Partial<ExploreSearch>, how?: 'replace') => void

/** The state of Explore, which the address holds, and the function that changes it. */
export function useExploreSearch(): {
  readonly search: ExploreSearch
  readonly read: ReadFilter
  readonly change: ChangeSearch
} {
  const raw: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const router = useRouter()
  const href = useHref()
  const search = useMemo(() => readSearch(raw), [raw])
  const read = useMemo(() => readFilter(search.filter ?? ''), [search.filter])
  const change: ChangeSearch = useCallback(
    (changes, how) => {
      // Of two changes in a row the second one starts from the first.
      const latest: Readonly<Record<string, unknown>> = router.latestLocation.search
      const next = { ...latest, ...writeSearch({ ...readSearch(latest), ...changes }) } as Search
      void navigate({ href: BASE + href('explore', next), replace: how === 'replace' })
    },
    [router, navigate, href],
  )
  return { search, read, change }
}
