import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import { useEdgeWords, useTickWords } from './edge-words.ts'
import { type TickUnit, ticksOf } from './edges.ts'

/** Edges of a range: it has the intervals from the first edge to the second one. */
export type EdgeRange = readonly [from: number, to: number]

type Props = {
  readonly label: string
  readonly names: readonly [from: string, to: string]
  readonly counts: readonly number[]
  readonly edges: readonly string[]
  readonly range: EdgeRange
  /** A choice that is made, not one on its way. */
  readonly onChange: (range: EdgeRange) => void
  readonly tone: 'past' | 'accent'
  readonly heightClass?: string
}

const BARS_NARROW = 40
/** More are too thin to be seen; intervals share a bar then. */
const BARS_MAX = 160

/** Intervals that share a bar: the first of them, how many they are, and their changes. */
type Bar = { readonly start: number; readonly size: number; readonly count: number }

function barsOf(counts: readonly number[]): readonly Bar[] {
  const each = Math.ceil(counts.length / BARS_MAX)
  return Array.from({ length: Math.ceil(counts.length / each) }, (_, at) => {
    const part = counts.slice(at * each, (at + 1) * each)
    return { start: at * each, size: part.length, count: part.reduce((sum, count) => sum + count, 0) }
  })
}

const TONES = {
  past: { bar: 'fill-past', area: 'bg-past-tint', thumb: 'border-past' },
  accent: { bar: 'fill-accent', area: 'bg-tint', thumb: 'border-accent' },
} as const

/** Bars of activity with a range over them: two thumbs, by keyboard or pointer; a drag over the bars draws a new range. */
export function RangeBars({ label, names, counts, edges, range, onChange, tone, heightClass = 'h-16' }: Props) {
  const [moving, setMoving] = useState<EdgeRange>()
  const [from, to] = moving ?? range
  const last = counts.length
  const share = (edge: number) => `${(edge / last) * 100}%`
  const end = (next: EdgeRange) => {
    setMoving(undefined)
    onChange(next)
  }
  return (
    <Slider
      aria-label={label}
      minValue={0}
      maxValue={last}
      step={1}
      value={[from, to]}
      onChange={(value) => setMoving(value as unknown as EdgeRange)}
      onChangeEnd={(value) => end(value as unknown as EdgeRange)}
      className="px-2"
    >
      <SliderTrack className={`relative ${heightClass} border-b border-control`}>
        <div
          className={`absolute inset-y-0 ${TONES[tone].area}`}
          style={{ left: share(from), width: share(to - from) }}
          aria-hidden="true"
        />
        <Bars counts={counts} range={[from, to]} tone={tone} onDraw={setMoving} onDrawn={end} />
        <Thumb index={0} name={names[0]} at={edges[from]} isLast={from === last} tone={tone} />
        <Thumb index={1} name={names[1]} at={edges[to]} isLast={to === last} tone={tone} />
      </SliderTrack>
      <Axis edges={edges} />
    </Slider>
  )
}

/** Bars that a pointer can be drawn over. They say nothing of their own: whoever shows them has the numbers in words. */
function Bars({
  counts,
  range: [from, to],
  tone,
  onDraw,
  onDrawn,
}: {
  readonly counts: readonly number[]
  readonly range: EdgeRange
  readonly tone: Props['tone']
  readonly onDraw: (range: EdgeRange) => void
  readonly onDrawn: (range: EdgeRange) => void
}) {
  const start = useRef<number>(undefined)
  const bars = barsOf(counts)
  const highest = Math.max(1, ...bars.map(({ count }) => count))
  // Of few intervals a bar does not fill its place.
  const share = Math.min(0.8, bars.length / BARS_NARROW)
  const intervalAt = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    const at = Math.floor(((clientX - left) / width) * counts.length)
    return Math.max(0, Math.min(counts.length - 1, at))
  }
  const rangeTo = (at: number): EdgeRange => {
    const begin = start.current ?? at
    return [Math.min(begin, at), Math.max(begin, at) + 1]
  }
  return (
    <svg
      viewBox={`0 0 ${counts.length} 100`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="absolute inset-0 size-full touch-none"
      onMouseDown={(event) => event.stopPropagation()}
      onPointerDown={(event) => {
        // The track would move the nearest thumb.
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = intervalAt(event)
        onDraw(rangeTo(start.current))
      }}
      onPointerMove={(event) => {
        if (start.current !== undefined) onDraw(rangeTo(intervalAt(event)))
      }}
      onPointerUp={(event) => {
        if (start.current === undefined) return
        onDrawn(rangeTo(intervalAt(event)))
        start.current = undefined
      }}
    >
      {bars.map(({ start, size, count }) => {
        // By square roots, so that one large import does not hide everything else.
        const height = count === 0 ? 0 : Math.max(4, Math.sqrt(count / highest) * 96)
        const look = start < to && start + size > from ? TONES[tone].bar : 'fill-edge'
        const width = size * share
        return (
          <rect
            key={start}
            x={start + (size - width) / 2}
            width={width}
            y={100 - height}
            height={height}
            className={look}
          />
        )
      })}
    </svg>
  )
}

function Thumb({
  index,
  name,
  at,
  isLast,
  tone,
}: {
  readonly index: 0 | 1
  readonly name: string
  readonly at: string | undefined
  readonly isLast: boolean
  readonly tone: Props['tone']
}) {
  const input = useRef<HTMLInputElement>(null)
  const words = useEdgeWords()(at, isLast)
  useEffect(() => {
    // The slider says its number; a reader wants the time.
    input.current?.setAttribute('aria-valuetext', words)
  })
  return (
    <SliderThumb
      index={index}
      aria-label={name}
      inputRef={input}
      className={`top-full h-5 w-2.5 rounded-mark border-2 bg-surface focus-ring data-dragging:bg-hover ${TONES[tone].thumb}`}
    />
  )
}

function Axis({ edges }: { readonly edges: readonly string[] }) {
  const words = useTickWords()
  return (
    <div className="relative mt-2.5 h-4 text-micro text-ink-3" aria-hidden="true">
      {ticksOf(edges).map(({ edge, at, unit }: { edge: number; at: string; unit: TickUnit }) => {
        const share = edge / (edges.length - 1)
        return (
          <span key={at} className={`absolute whitespace-nowrap ${shiftAt(share)}`} style={{ left: `${share * 100}%` }}>
            {words(at, unit)}
          </span>
        )
      })}
    </div>
  )
}

/** Centers a label on its tick, or aligns it to the edge of the axis near an end, where it would be clipped. */
function shiftAt(share: number): string {
  if (share < 0.05) return ''
  return share > 0.95 ? '-translate-x-full' : '-translate-x-1/2'
}
