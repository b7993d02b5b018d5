import stringWidth from 'string-width'
import { toVisible } from '../core/visible-text.ts'
import { type ColorWhen, paint } from './colors.ts'
import { type Io, writeStyled } from './io.ts'

const GAP = '  '
/** A cut column is at least this wide. */
const CUT_WIDTH_MIN = 12
const ELLIPSIS = '…'

const segmenter = new Intl.Segmenter('en')

/**
 * Prints a table; each column is as wide as its widest cell. Invisible characters are shown as `\u200b`. On a terminal the
 * last wide column is cut where the line would be longer than the terminal, and the head is bold.
 */
export async function writeTable(
  io: Pick<Io, 'stdout' | 'env'>,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  color: ColorWhen = 'auto',
): Promise<void> {
  const { stdout } = io
  const lines = [head, ...rows.map((row) => row.map(toVisible))]
  const widths = columnWidths(lines, head.length)
  if (stdout.isTTY === true && stdout.columns !== undefined) cutTo(stdout.columns, widths)
  const texts = lines.map((line) =>
    line
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
  const [first = '', ...others] = texts
  await writeStyled(stdout, `${[paint(io, stdout, 'bold', first, color), ...others].join('\n')}\n`)
}

function columnWidths(lines: readonly (readonly string[])[], columns: number): number[] {
  const widths = Array<number>(columns).fill(0)
  for (const line of lines) {
    for (let i = 0; i < columns; i++) widths[i] = Math.max(widths[i] as number, stringWidth(line[i] ?? ''))
  }
  return widths
}

/** Narrows columns from the last one on until the line fits, none below the least width of a cut column. */
function cutTo(width: number, widths: number[]): void {
  let excess = widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1)) - width
  for (let i = widths.length - 1; i >= 0 && excess > 0; i--) {
    const own = widths[i] as number
    const next = Math.max(Math.min(own, CUT_WIDTH_MIN), own - excess)
    excess -= own - next
    widths[i] = next
  }
}

function padded(cell: string, width: number): string {
  const own = stringWidth(cell)
  return own <= width ? cell + ' '.repeat(width - own) : cut(cell, width)
}

/** Cuts between characters as they are seen: a part of an emoji or without its accent would be another text. */
function cut(cell: string, width: number): string {
  let text = ''
  let used = 0
  for (const { segment } of segmenter.segment(cell)) {
    const own = stringWidth(segment)
    if (used + own > width - 1) break
    text += segment
    used += own
  }
  return text + ELLIPSIS + ' '.repeat(width - 1 - used)
}
