const MS_PER_DAY = 86_400_000

/** Numbers and times as readers of a language write them. */
export class Numbers {
  readonly #locale: string

  constructor(locale: string) {
    this.#locale = locale
  }

  count(number: number): string {
    return number.toLocaleString(this.#locale)
  }

  /** A share in percent. Only all are 100, and only none are 0. */
  share(part: number, whole: number): string {
    return `${percentOf(part, whole)}%`
  }

  /** Such as `29 November 2026 at 16:40 UTC`. */
  moment(time: string): string {
    const form = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const
    return `${new Date(time).toLocaleString(this.#locale, form)} UTC`
  }

  /** Such as `29 Nov`. */
  day(day: string): string {
    const form = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const
    return new Date(`${day}T00:00Z`).toLocaleDateString(this.#locale, form)
  }
}

/** A whole number of percent, or `<1`. */
export function percentOf(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0'
  if (part === whole) return '100'
  const percent = Math.round((part * 100) / whole)
  return percent < 1 ? '<1' : String(Math.min(99, percent))
}

/** The number of days between two times, at least one. */
export function daysBetween(from: string, to: string): number {
  return Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / MS_PER_DAY))
}
