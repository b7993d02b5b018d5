import type { Language } from './languages.ts'

/** Writes numbers and times as the reader's language does. Times are in the zone of the browser unless a name says UTC. */
export type Format = {
  number(value: number): string
  /** `share`: 0 to 1. Never rounds up to 100 % or down to 0 %. */
  percent(share: number): string
  /** Such as `3 Nov 2026, 14:03`. */
  dateTime(time: string): string
  /** The same in UTC, with the zone. */
  dateTimeUtc(time: string): string
  /** Such as `3 Nov`, with the year if it is not this one. `time`: a time, or a day that is the same in every zone. */
  day(time: string): string
  /** Such as `14:03:27`. */
  timeOfDay(time: string): string
  /** Such as `3 minutes ago`. */
  ago(time: string): string
  list(words: readonly string[], kind: 'and' | 'or'): string
}

const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

export function formatFor(language: Language): Format {
  const locale = language === 'en' ? 'en-GB' : language
  const numbers = new Intl.NumberFormat(locale)
  const long = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  const local = new Intl.DateTimeFormat(locale, long)
  const utc = new Intl.DateTimeFormat(locale, { ...long, timeZone: 'UTC', timeZoneName: 'short' })
  const dayWith = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...options })
  const days = {
    local: { ofThisYear: dayWith({}), ofAnother: dayWith({ year: 'numeric' }) },
    utc: { ofThisYear: dayWith({ timeZone: 'UTC' }), ofAnother: dayWith({ timeZone: 'UTC', year: 'numeric' }) },
  }
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const lists = {
    and: new Intl.ListFormat(locale, { type: 'conjunction' }),
    or: new Intl.ListFormat(locale, { type: 'disjunction' }),
  }
  return {
    number: (value) => numbers.format(value),
    // The blank does not break: a number and its sign stay on one line.
    percent: (share) => `${percentOf(share)}${language === 'en' ? '\u00a0' : ''}%`,
    dateTime: (time) => local.format(new Date(time)),
    dateTimeUtc: (time) => utc.format(new Date(time)),
    day: (time) => {
      const date = new Date(time)
      // A day without a time begins in UTC, which in the west is the evening before.
      const { ofThisYear, ofAnother } = isDay(time) ? days.utc : days.local
      return (date.getFullYear() === new Date().getFullYear() ? ofThisYear : ofAnother).format(date)
    },
    timeOfDay: (time) => clock.format(new Date(time)),
    ago: (time) => {
      const seconds = (Date.parse(time) - Date.now()) / 1000
      const [unit, size] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1]
      return relative.format(Math.round(seconds / size), unit)
    },
    list: (words, kind) => lists[kind].format(words),
  }
}

function isDay(time: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(time)
}

/** The whole number of a percentage, by the same rule. */
export function percentOf(share: number): number {
  const rounded = Math.round(share * 100)
  if (rounded === 100 && share < 1) return 99
  if (rounded === 0 && share > 0) return 1
  return rounded
}
