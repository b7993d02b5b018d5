const PATTERN = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?:Z|z|([+-])(\d\d):?(\d\d))?$/
const MS_PER_MINUTE = 60_000

/**
 * Parses a time in any form that an API of this service prints, to milliseconds since 1970 UTC: `2018-09-06T14:03:27Z`,
 * fractions of a second, offsets such as `+0000` and `+08:00`, a blank instead of `T`. Without an offset it is UTC.
 * Undefined when the text is no such time, or a day that no month has.
 */
export function parseTime(text: string): number | undefined {
  const match = PATTERN.exec(text)
  if (match === null) return undefined
  const [, day, time, fraction = '', sign, hours = '0', minutes = '0'] = match
  const ms = Date.parse(`${day}T${time}Z`)
  // `Date.parse` takes 30 February for 2 March, and 24:00:00 for midnight.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== `${day}T${time}`) return undefined
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MS_PER_MINUTE
  return ms + Number(fraction.slice(0, 3).padEnd(3, '0')) - (sign === '-' ? -offsetMs : offsetMs)
}
