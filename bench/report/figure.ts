import type { Spread } from './statistics.ts'
import { meets, TARGETS, type TargetId } from './targets.ts'

/** One measured figure. */
export type Figure = {
  /** The target to compare it with. Omitted for a figure that only explains others. */
  readonly target?: TargetId
  readonly what: string
  /** Number of images. */
  readonly size: number
  /** The value in the unit of the target; for a target of kind `ratio`, the ratio. */
  readonly value: number
  readonly spread?: Spread
  /** The measurement in words. */
  readonly measured: string
}

/** The figures of a case and the conditions under which they were measured. */
export type CaseResult = {
  readonly name: string
  /** When the case ended, RFC 3339. */
  readonly at: string
  readonly isQuick: boolean
  readonly seconds: number
  readonly machine: Machine
  readonly figures: readonly Figure[]
  /** Points for the growth plot. */
  readonly growth?: readonly GrowthLine[]
}

/** p50 latencies in microseconds, by number of images. */
export type GrowthLine = { readonly label: string; readonly points: readonly (readonly [size: number, us: number])[] }

/** The machine of a measurement. */
export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly commit: string
}

const HEAD = ['#', 'figure', 'images', 'floor', 'goal', 'measured', 'ratio', 'spread', 'met']

/** Formats figures as a Markdown table that is also readable on a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(rowOf)
  const widths = HEAD.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] as string).length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] as number)).join(' | ')} |`
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function rowOf({ target: id, what, size, value, spread, measured }: Figure): string[] {
  const target = id === undefined ? undefined : TARGETS[id]
  const isRatio = target?.kind === 'ratio'
  const scale = target?.scale ?? 1
  const shown = (number: number) => `${significant(number / scale)}${target?.unit ?? ''}`
  return [
    id ?? '',
    what,
    sizeText(size),
    target === undefined ? '' : `${target.better === 'lower' ? '<=' : '>='} ${shown(target.floor)}`,
    target === undefined ? '' : shown(target.goal),
    measured,
    isRatio ? shown(value) : '',
    spread === undefined ? '' : `${significant(spread[0] / scale)}..${significant(spread[1] / scale)}`,
    target === undefined
      ? ''
      : meets(value, target.goal, target.better)
        ? 'goal'
        : meets(value, target.floor, target.better)
          ? 'floor'
          : 'NO',
  ]
}

/** Formats a number with three significant digits. */
export function significant(number: number): string {
  if (!Number.isFinite(number)) return String(number)
  if (Math.abs(number) >= 100) return Math.round(number).toLocaleString('en-GB')
  return String(Number(number.toPrecision(3)))
}

/** Formats a size as 10 k or 1 M. */
export function sizeText(size: number): string {
  if (size >= 1_000_000) return `${significant(size / 1_000_000)} M`
  return size >= 1000 ? `${significant(size / 1000)} k` : String(size)
}

/** Formats microseconds in a suitable unit. */
export function timeText(us: number): string {
  if (us >= 1_000_000) return `${significant(us / 1_000_000)} s`
  return us >= 1000 ? `${significant(us / 1000)} ms` : `${significant(us)} us`
}

/** True when every figure meets the floor of its target. */
export function allFloorsMet(figures: readonly Figure[]): boolean {
  return figures.every(({ target: id, value }) => {
    const target = id === undefined ? undefined : TARGETS[id]
    return target === undefined || meets(value, target.floor, target.better)
  })
}
