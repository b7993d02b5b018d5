import { type Html, html } from './markup.ts'

/** A bar whose length is the share of a part; the number stands beside it in the table. */
export function bar(part: number, whole: number): Html {
  const width = whole === 0 ? 0 : Math.max(part > 0 ? 0.6 : 0, (part * 100) / whole)
  return html`<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect width="${width.toFixed(2)}" height="12"/></svg>`
}

/** `label`: below the column; undefined if the table has it there. */
type Column = { readonly label: string | undefined; readonly value: number }

const WIDTH = 960
const BASE = 110
const LABEL_HEIGHT = 26
const GAP = 8
/** Labels that fit beside each other. */
const LABELS_MAX = 10

/** Columns over time. The number of every column is in the table that belongs to them. */
export function columns(all: readonly Column[]): Html {
  const most = Math.max(1, ...all.map(({ value }) => value))
  const step = WIDTH / Math.max(1, all.length)
  const everyNth = Math.ceil(all.length / LABELS_MAX)
  const parts = all.map(({ label, value }, i) => {
    const height = value === 0 ? 0 : Math.max(2, (value * (BASE - 4)) / most)
    const [x, middle] = [i * step + GAP / 2, (i + 0.5) * step]
    const text = label !== undefined && i % everyNth === 0
    return html`<rect x="${x.toFixed(1)}" y="${(BASE - height).toFixed(1)}" width="${(step - GAP).toFixed(1)}" height="${height.toFixed(1)}" rx="2"/>${
      text ? html`<text x="${middle.toFixed(1)}" y="${BASE + 18}" text-anchor="middle">${label}</text>` : undefined
    }`
  })
  const height = BASE + (all.some(({ label }) => label !== undefined) ? LABEL_HEIGHT : 1)
  return html`<svg class="days" viewBox="0 0 ${WIDTH} ${height}" aria-hidden="true">${parts}<path class="axis" d="M0 ${BASE + 0.5}H${WIDTH}"/></svg>`
}

const LINES_HEIGHT = 190
const LINES_BASE = 160
const LINES_LEFT = 44
const LINES_TOP = 10

/** Lines of shares over time, from 0 to 1 on a fixed axis; undefined where a share is not known. They differ in dashes too. */
export function lines(all: readonly (readonly (number | undefined)[])[], labels: readonly string[]): Html {
  const step = (WIDTH - LINES_LEFT - 20) / Math.max(1, labels.length - 1)
  const x = (i: number) => (LINES_LEFT + i * step).toFixed(1)
  const y = (share: number) => (LINES_BASE - share * (LINES_BASE - LINES_TOP)).toFixed(1)
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      html`<path class="axis" d="M${LINES_LEFT} ${y(share)}H${WIDTH}"/><text x="${LINES_LEFT - 8}" y="${Number(y(share)) + 4}" text-anchor="end">${share * 100}%</text>`,
  )
  const everyNth = Math.ceil(labels.length / LABELS_MAX)
  const days = labels.map((label, i) =>
    i % everyNth === 0 ? html`<text x="${x(i)}" y="${LINES_BASE + 20}" text-anchor="middle">${label}</text>` : html``,
  )
  const paths = all.map((shares, line) => {
    let isDrawing = false
    const points = shares.map((share, i) => {
      const part = share === undefined ? '' : `${isDrawing ? 'L' : 'M'}${x(i)} ${y(share)}`
      isDrawing = share !== undefined
      return part
    })
    return html`<path class="line l${line}" d="${points.join('')}"/>`
  })
  return html`<svg class="days" viewBox="0 0 ${WIDTH} ${LINES_HEIGHT}" aria-hidden="true">${grid}${days}${paths}</svg>`
}
