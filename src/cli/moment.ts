import { UsageError } from './command.ts'

/** A moment on a command line: a revision of a project, or a time. */
export type Moment = { readonly revision: number } | { readonly atMs: number }

/** The help on moments. */
export const MOMENT_HELP =
  'A time is now, today or yesterday (from 00:00), an age such as 90s, 30m, 2h, 3d or 2w, a date such as 2026-01-31, or ' +
  'a time such as 2026-01-31T12:00. Times without a zone are local.'

const AGE = /^(\d{1,9})([smhdw])$/
const AGE_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|z|[+-]\d\d:?\d\d)?$/

/** Parses a moment. Throws a UsageError that names the option. */
export function toMoment(option: string, text: string, nowMs: number): Moment {
  return /^\d{1,15}$/.test(text)
    ? { revision: Number(text) }
    : { atMs: toTime(option, text, nowMs, 'a revision or a time') }
}

/** Parses a time to milliseconds since 1970 UTC. Throws a UsageError that names the option. */
export function toTime(option: string, text: string, nowMs: number, what = 'a time'): number {
  const atMs = parseTime(text, nowMs)
  if (atMs !== undefined) return atMs
  throw new UsageError(
    `--${option} must be ${what}, such as yesterday, 2h, 2026-01-31 or 2026-01-31T12:00, not "${text}"`,
  )
}

/** A moment as the service takes it. */
export function momentText(moment: Moment): string {
  return 'revision' in moment ? String(moment.revision) : new Date(moment.atMs).toISOString()
}

function parseTime(text: string, nowMs: number): number | undefined {
  const today = new Date(nowMs)
  switch (text.toLowerCase()) {
    case 'now':
      return nowMs
    case 'today':
      return today.setHours(0, 0, 0, 0)
    case 'yesterday':
      // The day before, also where a day has 23 or 25 hours.
      today.setDate(today.getDate() - 1)
      return today.setHours(0, 0, 0, 0)
  }
  const age = AGE.exec(text)
  if (age !== null) return nowMs - Number(age[1]) * (AGE_MS[age[2] as string] as number)
  const day = DAY.exec(text)
  if (day !== null) return parseDay(`${text}T00:00`, text)
  const time = TIME.exec(text)
  if (time === null) return undefined
  const [, year, month, date, hour, minute, second = '00', fraction = '', zone = ''] = time
  const iso = `${year}-${month}-${date}T${hour}:${minute}:${second}${fraction.slice(0, 4)}`
  const isValid = parseDay(`${year}-${month}-${date}T00:00`, `${year}-${month}-${date}`) !== undefined
  const atMs = Date.parse(iso + zone.toUpperCase())
  return isValid && !Number.isNaN(atMs) ? atMs : undefined
}

/** `Date.parse` takes 30 February for 2 March. */
function parseDay(text: string, day: string): number | undefined {
  const utc = new Date(`${day}T00:00Z`)
  return !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(day) ? Date.parse(text) : undefined
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** Such as `2026-01-31 12:00:00 (2 hours ago)`, in local time. */
export function shownTime(time: string, nowMs: number): string {
  const at = new Date(time)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} (${ageOf(nowMs - at.getTime())})`
}

function ageOf(ms: number): string {
  const [name, unitMs] = UNITS.find(([, each]) => ms >= each) ?? []
  if (name === undefined || unitMs === undefined) return 'now'
  const count = Math.floor(ms / unitMs)
  return `${count} ${name}${count === 1 ? '' : 's'} ago`
}
