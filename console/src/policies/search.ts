import { useSearch } from '@tanstack/react-router'
import { PROBLEMS, type Problem } from '../../../src/core/policy/judge-resource.ts'
import { useHref } from '../hrefs.ts'
import { oneOf, type Search, textOf } from '../router-search.ts'

export const TABS = ['board', 'policies', 'rules'] as const
export const VIEWS = ['coverage', 'validity'] as const
/** How far back a plot reaches. */
export const SPANS = ['30d', '90d', '1y', '3y'] as const
/** How far back a rehearsal reaches. */
export const AGES = ['1d', '7d', '30d', '90d'] as const
export const LEVELS = ['project', 'domain'] as const

export type Tab = (typeof TABS)[number]
export type View = (typeof VIEWS)[number]
export type { Problem }
export { PROBLEMS }
export type Span = (typeof SPANS)[number]
export type Age = (typeof AGES)[number]
/** Whose policy it is: that of a project, or of the domain and so of all its projects. */
export type Level = (typeof LEVELS)[number]

/** What the address of a page about policies says. */
export type PoliciesSearch = {
  readonly tab: Tab
  readonly view: View
  readonly span: Span
  /** The chosen key of the board, or the key whose problems are listed. */
  readonly key: string | undefined
  /** The chosen type; undefined for all. */
  readonly type: string | undefined
  readonly problem: Problem | undefined
  /** Asks for a rehearsal over that time. */
  readonly rehearse: Age | undefined
  /** Where a new policy goes. */
  readonly level: Level
}

export function readSearch(search: Readonly<Record<string, unknown>>): PoliciesSearch {
  return {
    tab: oneOf(search.tab, TABS) ?? 'board',
    view: oneOf(search.view, VIEWS) ?? 'coverage',
    span: oneOf(search.span, SPANS) ?? '1y',
    key: textOf(search.key),
    type: textOf(search.type),
    problem: oneOf(search.problem, PROBLEMS),
    rehearse: oneOf(search.rehearse, AGES),
    level: oneOf(search.level, LEVELS) ?? 'project',
  }
}

/** Writes what differs from the defaults. */
export function writeSearch(search: PoliciesSearch): Search {
  const defaults = readSearch({})
  const names = Object.keys(search) as (keyof PoliciesSearch)[]
  return Object.fromEntries(names.filter((name) => search[name] !== defaults[name]).map((name) => [name, search[name]]))
}

/** The state of the board, and the function that changes it. */
export function usePoliciesSearch() {
  const search = readSearch(useSearch({ strict: false }))
  const href = useHref()
  const change = (changes: Partial<PoliciesSearch>) => href.open('policies', writeSearch({ ...search, ...changes }))
  return { search, change }
}
