import { useMemo } from 'react'
import { type Format, formatFor } from './format-for.ts'
import { useLanguage } from './language.ts'

/** The functions that write numbers and times for the reader. */
export function useFormat(): Format {
  const language = useLanguage()
  return useMemo(() => formatFor(language), [language])
}
