import type { Language } from './languages.ts'
import { usePreferences } from './preferences.ts'

/** The language of the reader. */
export function useLanguage(): Language {
  return usePreferences().language
}
