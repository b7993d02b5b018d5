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
