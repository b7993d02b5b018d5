import { useSyncExternalStore } from 'react'
import type { Preferences } from '../text/preferences.ts'

/** The colours of plots: a canvas cannot read `light-dark()`. They are those of app.css. */
export const PLOT_COLORS = {
  light: { lines: ['#0b6f9c', '#b26a00', '#7a4fc0', '#1d8452'], words: '#636a72', grid: '#e0e4e7' },
  dark: { lines: ['#5cc4ea', '#e6b04f', '#b99bf0', '#5fd39b'], words: '#8a9096', grid: '#22272c' },
} as const

const query = matchMedia('(prefers-color-scheme: dark)')

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether the dark theme is shown. */
export function useIsDark(theme: Preferences['theme']): boolean {
  const isSystemDark = useSyncExternalStore(subscribe, () => query.matches)
  return theme === 'system' ? isSystemDark : theme === 'dark'
}
