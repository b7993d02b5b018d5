import { useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Search, stringifySearch } from './router-search.ts'

/** The path that the console is served under. */
export const BASE = '/console'

export const SCREENS = ['explore', 'compare', 'tags', 'clean-up', 'plans', 'policies', 'activity', 'admin'] as const
export type Screen = (typeof SCREENS)[number]

/** Makes addresses of pages of the present project, for `href`. */
export type Href = {
  /** `path`: a screen, or a page of one such as `plans/01J...`, whose parts are encoded by `pathOf`. */
  (path: string, search?: Search, project?: string): string
  /** Goes to the page. */
  open(path: string, search?: Search, project?: string): void
}

/** Encodes the parts of a path. */
export function pathOf(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join('/')
}

export function useHref(): Href {
  const params = useParams({ strict: false })
  const navigate = useNavigate()
  const here = params.project ?? ''
  return useMemo(() => {
    const href = (path: string, search: Search = {}, project = here) =>
      `/${encodeURIComponent(project)}/${path}${stringifySearch(search)}`
    const open: Href['open'] = (...parts) => void navigate({ href: BASE + href(...parts) })
    return Object.assign(href, { open })
  }, [here, navigate])
}

/** The screen that is shown. */
export function useScreen(): Screen | undefined {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [, , screen] = path.split('/')
  return SCREENS.find((each) => each === screen)
}
