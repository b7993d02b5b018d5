import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useFormat } from '../text/format.ts'
import { usePreferences } from '../text/preferences.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from './button.tsx'
import { downloadCsv, downloadPng } from './download.ts'
import { PLOT_COLORS, useIsDark } from './plot-colors.ts'
import { uiTexts } from './texts.ts'

export type Line = {
  readonly name: string
  /** A value for each time; null where nothing is known. */
  readonly values: readonly (number | null)[]
}

type PlotProps = {
  readonly title: string
  /** One sentence: what is measured. */
  readonly about: string
  /** Days in UTC. */
  readonly times: readonly string[]
  /** At most four. */
  readonly lines: readonly Line[]
  /** Shares from 0 to 1 on a fixed axis from 0 to 100 %, or counts from 0. */
  readonly unit: 'share' | 'count'
  readonly kind?: 'lines' | 'bars'
  /** Name of exported files, without the ending. */
  readonly fileName: string
  readonly heightPx?: number
}

/** Lines or bars over time, with the same numbers as a table, and both as files. */
export function Plot(props: PlotProps) {
  const { title, about, times, lines, unit, fileName } = props
  const texts = useTexts(uiTexts)
  const format = useFormat()
  const [isTable, setTable] = useState(false)
  const canvas = useRef<HTMLDivElement>(null)
  const { text, write } =
    unit === 'share'
      ? { text: format.percent, write: (n: number) => n.toFixed(4) }
      : { text: format.number, write: String }
  const exportCsv = () =>
    downloadCsv(
      `${fileName}.csv`,
      ['time', ...lines.map(({ name }) => name)],
      times.map((time, at) => [time, ...lines.map(({ values }) => (values[at] == null ? '' : write(values[at])))]),
    )
  return (
    <figure className="flex min-w-0 flex-col gap-2 border-b border-line bg-surface px-4 py-2">
      <figcaption className="flex flex-wrap items-center gap-x-2">
        <h2 className="text-small font-semibold">{title}</h2>
        <span className="text-small text-ink-2">{about}</span>
        <span className="ml-auto flex gap-1">
          <Button size="small" variant="quiet" onPress={() => setTable(!isTable)}>
            {isTable ? texts.asPlot : texts.asTable}
          </Button>
          <Button size="small" variant="quiet" onPress={exportCsv}>
            {texts.exportCsv}
          </Button>
          {!isTable && (
            <Button size="small" variant="quiet" onPress={() => downloadPng(`${fileName}.png`, canvas.current)}>
              {texts.exportPng}
            </Button>
          )}
        </span>
      </figcaption>
      {isTable ? (
        <PlotTable {...props} text={text} day={format.day} />
      ) : (
        <div className="flex flex-wrap gap-4">
          <PlotCanvas {...props} text={text} day={format.day} host={canvas} />
          <Legend lines={lines} text={text} />
        </div>
      )}
    </figure>
  )
}

type Worded = {
  readonly text: (value: number) => string
  readonly day: (day: string) => string
}

/** The latest number of each line: what the plot says, in words. */
function Legend({ lines, text }: { readonly lines: readonly Line[] } & Pick<Worded, 'text'>) {
  return (
    <table className="h-fit min-w-40 text-small">
      <tbody>
        {lines.map(({ name, values }, at) => {
          const last = values.findLast((value) => value !== null)
          return (
            <tr key={name}>
              <th scope="row" className="flex items-center gap-2 py-0.5 text-left font-normal">
                <span className={`size-2 rounded-full ${SWATCHES[at % SWATCHES.length]}`} aria-hidden="true" />
                <span className="font-mono">{name}</span>
              </th>
              <td className="pl-4 text-right tabular-nums">{last == null ? '–' : text(last)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const SWATCHES = ['bg-plot-1', 'bg-plot-2', 'bg-plot-3', 'bg-plot-4'] as const

function PlotTable({ title, times, lines, text, day }: PlotProps & Worded) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
    <section className="max-h-64 overflow-auto" tabIndex={0} aria-label={title}>
      <table className="w-full text-small">
        <thead className="sticky top-0 bg-surface text-ink-2">
          <tr>
            <th scope="col" className="py-1 text-left font-medium">
              {' '}
            </th>
            {lines.map(({ name }) => (
              <th key={name} scope="col" className="py-1 text-right font-mono font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, at) => (
            <tr key={time} className="border-t border-line">
              <th scope="row" className="py-0.5 text-left font-normal">
                {day(time)}
              </th>
              {lines.map(({ name, values }) => (
                <td key={name} className="text-right tabular-nums">
                  {values[at] == null ? '–' : text(values[at])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const FONT = '11px "Inter Variable"'

function PlotCanvas(props: PlotProps & Worded & { readonly host: React.RefObject<HTMLDivElement | null> }) {
  const { host, times, lines, heightPx = 120 } = props
  const isDark = useIsDark(usePreferences().theme)
  const [isFontThere, setFontThere] = useState(false)
  const options = useRef(props)
  options.current = props
  useEffect(() => {
    // The canvas is drawn once: with the font that is there by then.
    void document.fonts.load(FONT).then(() => setFontThere(true))
  }, [])
  useEffect(() => {
    const element = host.current
    if (element === null || !isFontThere) return
    const seconds = times.map((time) => Date.parse(time) / 1000)
    const data = [seconds, ...lines.map(({ values }) => [...values])] as uPlot.AlignedData
    const plot = new uPlot(optionsFor(options.current, isDark, element.clientWidth, heightPx), data, element)
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [host, times, lines, heightPx, isDark, isFontThere])
  return <div ref={host} className="min-w-64 grow basis-0" style={{ height: heightPx }} aria-hidden="true" />
}

function optionsFor(
  { lines, unit, kind, text, day }: PlotProps & Worded,
  isDark: boolean,
  width: number,
  height: number,
): uPlot.Options {
  const colors = PLOT_COLORS[isDark ? 'dark' : 'light']
  const axis = { stroke: colors.words, font: FONT, grid: { stroke: colors.grid, width: 1 }, ticks: { show: false } }
  const paths = kind === 'bars' ? uPlot.paths.bars?.({ size: [0.7, 24] }) : undefined
  return {
    width,
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { show: false },
    scales: { y: unit === 'share' ? { range: [0, 1] } : { range: (_plot, _min, max) => [0, Math.max(1, max)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 22,
        values: (_plot, splits) => daysAt(splits).map((at) => at && day(at)),
      },
      {
        ...axis,
        size: 52,
        ...(unit === 'share' ? { splits: [0, 0.25, 0.5, 0.75, 1] } : {}),
        values: (_plot, splits) =>
          splits.map((value) => (Number.isInteger(value) || unit === 'share' ? text(value) : '')),
      },
    ],
    series: [
      {},
      ...lines.map(({ name }, at) => ({
        label: name,
        stroke: colors.lines[at % colors.lines.length] as string,
        width: 1.5,
        points: { show: false },
        ...(paths && { paths, fill: colors.lines[at % colors.lines.length] as string }),
      })),
    ],
  }
}

/** The days at places of the axis; the empty text where a place is within the day of the place before. */
function daysAt(seconds: readonly number[]): readonly string[] {
  const days = seconds.map((each) => new Date(each * 1000).toISOString().slice(0, 10))
  return days.map((day, at) => (day === days[at - 1] ? '' : day))
}
