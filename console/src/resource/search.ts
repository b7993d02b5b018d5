import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { oneOf, textOf } from '../router-search.ts'
import { type ResourceId, resourceText, toResourceId } from './resource-id.ts'

export const RESOURCE_TABS = ['tags', 'timeline', 'raw'] as const
export type ResourceTab = (typeof RESOURCE_TABS)[number]

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
