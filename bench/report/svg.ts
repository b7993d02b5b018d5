/** A line of a plot. */
export type PlotLine = { readonly label: string; readonly points: readonly (readonly [x: number, y: number])[] }

export type Plot = {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly lines: readonly PlotLine[]
}

type Scale = { readonly at: (value: number) => number; readonly ticks: readonly { value: number; text: string }[] }

const WIDTH = 760
const HEIGHT = 420
const LEFT = 70
const RIGHT = 190
const TOP = 40
const BOTTOM = 50
/** A palette for colour-blind readers (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']

/** Draws lines over two logarithmic axes. All values must be above 0. */
export function logLogPlot(plot: Plot): string {
  return draw(plot, logScale(valuesOf(plot, 0), LEFT, WIDTH - RIGHT), logScale(valuesOf(plot, 1), HEIGHT - BOTTOM, TOP))
}

/** Draws lines over two linear axes. The y axis starts at 0. */
export function linearPlot(plot: Plot): string {
  const across = linearScale(valuesOf(plot, 0), LEFT, WIDTH - RIGHT)
  return draw(plot, across, linearScale([0, ...valuesOf(plot, 1)], HEIGHT - BOTTOM, TOP))
}

function valuesOf({ lines }: Plot, axis: 0 | 1): number[] {
  return lines.flatMap(({ points }) => points.map((point) => point[axis]))
}

function logScale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => {
    const value = 10 ** (low + i)
    return { value, text: numberText(value) }
  })
  return { at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), ticks }
}

function linearScale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.min(...values)
  const span = Math.max(...values) - low || 1
  const rough = span / 6
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = unit * ([1, 2, 5, 10].find((factor) => unit * factor >= rough) as number)
  const start = Math.floor(low / step) * step
  const end = Math.ceil((low + span) / step) * step
  const count = Math.round((end - start) / step)
  const ticks = Array.from({ length: count + 1 }, (_, i) => {
    const value = Number((start + i * step).toPrecision(12))
    return { value, text: numberText(value) }
  })
  return { at: (value) => from + ((value - start) / (end - start)) * (to - from), ticks }
}

function numberText(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000} M`
  return value >= 1000 ? `${value / 1000} k` : String(value)
}

function draw({ title, xLabel, yLabel, lines }: Plot, x: Scale, y: Scale): string {
  const right = WIDTH - RIGHT
  const bottom = HEIGHT - BOTTOM
  const grid = [
    ...x.ticks.map(({ value, text }) => {
      const at = round(x.at(value))
      return `<path d="M${at} ${TOP}V${bottom}" class="grid"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${text}</text>`
    }),
    ...y.ticks.map(({ value, text }) => {
      const at = round(y.at(value))
      return `<path d="M${LEFT} ${at}H${right}" class="grid"/><text x="${LEFT - 8}" y="${at + 4}" text-anchor="end">${text}</text>`
    }),
  ]
  const drawn = lines.map(({ label, points }, i) => {
    const colour = COLOURS[i % COLOURS.length] as string
    const path = points.map(([px, py]) => `${round(x.at(px))},${round(y.at(py))}`).join(' ')
    const dots =
      points.length > 20
        ? ''
        : points
            .map(([px, py]) => `<circle cx="${round(x.at(px))}" cy="${round(y.at(py))}" r="3" fill="${colour}"/>`)
            .join('')
    const labelY = TOP + 14 + i * 20
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`,
      `<path d="M${right + 12} ${labelY - 4}h18" stroke="${colour}" stroke-width="3"/><text x="${right + 36}" y="${labelY}">${escaped(label)}</text>`,
    ].join('\n')
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<style>.grid{stroke:#ddd;fill:none}</style>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="22" font-size="15">${escaped(title)}</text>`,
    ...grid,
    ...drawn,
    `<text x="${(LEFT + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text transform="translate(16 ${(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    '</svg>',
    '',
  ].join('\n')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] as string)
}
