import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { oneOf, textOf } from '../router-search.ts'

/** A resource of the project. */
export type ResourceId = { readonly type: string; readonly id: string }

export const RESOURCE_TABS = ['tags', 'timeline', 'raw'] as const
export type ResourceTab = (typeof RESOURCE_TABS)[number]

/** Reads `?r=type/id`. Ids may contain slashes, types may not. */
export function toResourceId(value: unknown): ResourceId | undefined {
  const text = textOf(value) ?? ''
  const at = text.indexOf('/')
  return at < 1 || at === text.length - 1 ? undefined : { type: text.slice(0, at), id: text.slice(at + 1) }
}

/** Writes what `toResourceId` reads. */
export function resourceText({ type, id }: ResourceId): string {
  return `${type}/${id}`
}

/** The resource whose drawer is open, and the tab of it: both are in the address of any screen. */
export function useOpenResource() {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const { r, rtab } = search
  const text = textOf(r)
  const change = useCallback(
    (changes: Record<string, string | undefined>, replace: boolean) =>
      // A screen keeps its scroll position while drawers open and close.
      void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace, resetScroll: false }),
    [navigate],
  )
  return useMemo(
    () => ({
      resource: toResourceId(text),
      tab: oneOf(rtab, RESOURCE_TABS) ?? 'tags',
      open: (resource: ResourceId) => change({ r: resourceText(resource) }, text !== undefined),
      close: () => change({ r: undefined, rtab: undefined }, false),
      setTab: (tab: ResourceTab) => change({ rtab: tab === 'tags' ? undefined : tab }, true),
    }),
    [text, rtab, change],
  )
}
