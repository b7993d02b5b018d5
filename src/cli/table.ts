import { toVisible } from '../core/visible-text.ts'
import { type Output, writeLine } from './io.ts'

// East Asian wide characters occupy two columns of a terminal.
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g

/** Prints a table; each column is as wide as its widest cell. Invisible characters are shown as `\u200b`. */
export async function writeTable(
  stream: Output,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const lines = [head, ...rows.map((row) => row.map(toVisible))]
  const widths = head.map((_, column) => lines.reduce((width, line) => Math.max(width, widthOf(line[column] ?? '')), 0))
  const texts = lines.map((line) => line.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  '))
  await writeLine(stream, texts.map((text) => text.trimEnd()).join('\n'))
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - widthOf(cell))
}

function widthOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0)
}
