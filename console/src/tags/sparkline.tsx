import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import type { Trend } from './queries.ts'
import { tagsTexts } from './texts.ts'

const WIDTH = 72
const HEIGHT = 18
/** Smaller moves are drawn flat, so that noise does not look like a trend. */
const SPAN_MIN = 0.02

/** The share of a key over some days as a small line, with its ends in words. */
export function Sparkline({ trend }: { readonly trend: Trend | undefined }) {
  const texts = useTexts(tagsTexts)
  const format = useFormat()
  const known = trend?.shares.flatMap((share, at) => (share === null ? [] : [{ at, share }])) ?? []
  const [first] = known
  const last = known.at(-1)
  if (trend === undefined || first === undefined || last === undefined) {
    return (
      <span className="text-ink-3">
        <span aria-hidden="true">–</span>
        <span className="sr-only">{trend === undefined ? '' : texts.noTrend}</span>
      </span>
    )
  }
  const words = texts.trendWords(format.percent(first.share), format.percent(last.share))
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={words} className="text-accent">
      <title>{words}</title>
      <polyline
        points={pointsOf(known, trend.days.length)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  )
}

/** A single day is a flat line. */
function pointsOf(known: readonly { readonly at: number; readonly share: number }[], days: number): string {
  const shares = known.map(({ share }) => share)
  const middle = (Math.max(...shares) + Math.min(...shares)) / 2
  const span = Math.max(SPAN_MIN, Math.max(...shares) - Math.min(...shares))
  const x = (at: number) => 1 + (at / Math.max(1, days - 1)) * (WIDTH - 2)
  const y = (share: number) => HEIGHT / 2 - ((share - middle) / span) * (HEIGHT - 4)
  const points =
    known.length === 1
      ? [
          { ...known[0]!, at: 0 },
          { ...known[0]!, at: Math.max(1, days - 1) },
        ]
      : known
  return points.map(({ at, share }) => `${x(at).toFixed(1)},${y(share).toFixed(1)}`).join(' ')
}
