import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { textOf, textsOf } from '../router-search.ts'

/** What the address of Activity says: which changes are shown. */
export type ActivitySearch = {
  /** The id of a user. */
  readonly actor: string | undefined
  readonly types: readonly string[]
  readonly key: string | undefined
  /** Such as `plan:01J...`. */
  readonly cause: string | undefined
  /** Times by RFC 3339, both included. */
  readonly since: string | undefined
  readonly until: string | undefined
}

/** Reads the query of an address of Activity. A time that is none is left out. */
export function readSearch(raw: Readonly<Record<string, unknown>>): ActivitySearch {
  return {
    actor: textOf(raw.actor) || undefined,
    types: textsOf(raw.type),
    key: textOf(raw.key) || undefined,
    cause: textOf(raw.cause) || undefined,
    since: timeOf(raw.since),
    until: timeOf(raw.until),
  }
}

function timeOf(value: unknown): string | undefined {
  const text = textOf(value) ?? ''
  return Number.isNaN(Date.parse(text)) ? undefined : text
}

/** The conditions on changes, as the API takes them, without those on time. */
export function conditionsOf({ actor, types, key, cause }: ActivitySearch) {
  return {
    ...(actor !== undefined && { actor }),
    ...(types.length > 0 && { resource_type: [...types] }),
    ...(key !== undefined && { key }),
    ...(cause !== undefined && { cause }),
  }
}

/** The conditions on the time of changes, as the API takes them. */
export function timesOf({ since, until }: Pick<ActivitySearch, 'since' | 'until'>) {
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) }
}

/** The state of Activity, which the address holds, and the function that changes it. */
export function useActivitySearch() {
  const raw: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const search = useMemo(() => readSearch(raw), [raw])
  const change = useCallback(
    ({ types, ...changes }: Partial<ActivitySearch>) =>
      void navigate({
        to: '.',
        search: (before) => ({ ...before, ...changes, ...(types !== undefined && { type: types }) }),
      }),
    [navigate],
  )
  return { search, change }
}
