import { styleText } from 'node:util'
import { Option } from 'commander'
import type { Io, Output } from './io.ts'

/** When output is coloured: `auto` is on a terminal, as NO_COLOR and FORCE_COLOR say. */
export type ColorWhen = 'auto' | 'always' | 'never'

/** The option `--color`. */
export function colorOption(): Option {
  return new Option('--color <when>', 'colours: auto is on a terminal, unless NO_COLOR is set; FORCE_COLOR sets always')
    .choices(['auto', 'always', 'never'])
    .default('auto')
}

/** Gives a text with a style where the stream takes one. */
export function paint(
  { env }: Pick<Io, 'env'>,
  stream: Output,
  style: 'bold' | 'red' | 'yellow',
  text: string,
  when: ColorWhen = 'auto',
): string {
  // The check is done here, because tests pass their own streams and environment.
  return isColored(env, stream, when) ? styleText(style, text, { validateStream: false }) : text
}

function isColored(env: Io['env'], stream: Output, when: ColorWhen): boolean {
  if (when !== 'auto') return when === 'always'
  const { NO_COLOR, FORCE_COLOR, TERM } = env
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return (NO_COLOR === undefined || NO_COLOR === '') && stream.isTTY === true && TERM !== 'dumb'
}
