import { useSyncExternalStore } from 'react'
import type { Language } from './languages.ts'

/** What a reader chooses for this browser. */
export type Preferences = {
  readonly language: Language
  /** `system` follows the operating system. */
  readonly theme: 'system' | 'light' | 'dark'
  readonly density: 'dense' | 'comfortable'
}

const STORAGE_KEY = 'tagwerk.preferences'
const listeners = new Set<() => void>()
let current = read()
show(current)

/** The preferences of the reader; components that use them follow a change. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current)
}

/** Changes preferences, and keeps them for the next visit. */
export function prefer(changes: Partial<Preferences>): void {
  current = { ...current, ...changes }
  show(current)
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(current))
  } catch {
    // A browser that stores nothing, such as in private mode: the choice holds until the page is closed.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function read(): Preferences {
  const language: Language = navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
  return { language, theme: 'system', density: 'dense', ...stored() }
}

/** The stored preferences whose values are known. */
function stored(): Partial<Preferences> {
  try {
    const { language, theme, density } = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}')
    return {
      ...(language === 'en' || language === 'zh-CN' ? { language } : {}),
      ...(theme === 'system' || theme === 'light' || theme === 'dark' ? { theme } : {}),
      ...(density === 'dense' || density === 'comfortable' ? { density } : {}),
    }
  } catch {
    return {}
  }
}

function show({ language, theme }: Preferences): void {
  document.documentElement.lang = language
  document.documentElement.dataset.theme = theme
}
