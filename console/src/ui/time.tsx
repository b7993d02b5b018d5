import { useFormat } from '../text/format.ts'

/** A time in the reader's zone, with UTC in its title, or beside it with `withUtc`. */
export function Time({
  at,
  as = 'dateTime',
  withUtc = false,
}: {
  /** RFC 3339. */
  readonly at: string
  readonly as?: 'dateTime' | 'day' | 'timeOfDay' | 'ago'
  readonly withUtc?: boolean
}) {
  const format = useFormat()
  const utc = format.dateTimeUtc(at)
  return (
    <time dateTime={at} title={utc}>
      {format[as](at)}
      {withUtc && <span className="text-ink-3"> · {utc}</span>}
    </time>
  )
}
