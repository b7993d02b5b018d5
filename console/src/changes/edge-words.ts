import { useMemo } from 'react'
import { useFormat } from '../text/format.ts'
import { useLanguage } from '../text/language.ts'
import { useTexts } from '../text/texts.ts'
import type { TickUnit } from './edges.ts'
import { changesTexts } from './texts.ts'

/** Gives the function that says at which time an edge is: the last one is now. */
export function useEdgeWords(): (at: string | undefined, isLast: boolean) => string {
  const format = useFormat()
  const texts = useTexts(changesTexts)
  return (at, isLast) => {
    if (isLast || at === undefined) return texts.now
    // Days and months begin in UTC.
    return at.endsWith('T00:00:00.000Z') ? format.dateTimeUtc(at) : format.dateTime(at)
  }
}

/** Gives the function that writes a place on the axis of time; days and months are those of UTC. */
export function useTickWords(): (at: string, unit: TickUnit) => string {
  const language = useLanguage()
  return useMemo(() => {
    const locale = language === 'en' ? 'en-GB' : language
    const formats = {
      year: new Intl.DateTimeFormat(locale, { year: 'numeric', timeZone: 'UTC' }),
      month: new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }),
      day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
      hour: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
    }
    return (at, unit) => formats[unit].format(new Date(at))
  }, [language])
}
