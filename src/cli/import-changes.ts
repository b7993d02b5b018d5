import { stringify } from 'csv-stringify/sync'
import { EFFECT_COLUMNS } from '../core/change-effect.ts'
import { cellOf } from '../core/csv-cells.ts'
import { type EffectJson, effectRows, effectTexts } from './effect.ts'
import type { Locate } from './import-source.ts'
import { type Io, write, writeData, writeLine } from './io.ts'

/** A change that a dry run would make. Without a line, it deletes a resource that the file does not have. */
export type PreviewedChange = EffectJson & {
  readonly line?: number
  readonly project?: string
  readonly resource_type: string
  readonly resource_id: string
}

/** Which changes are printed, and how. */
export type ChangeOptions = {
  readonly format: 'text' | 'json' | 'csv'
  readonly offset: number
  readonly limit: number
  /** True: the service leaves out what is not on the page. */
  readonly isPaged: boolean
}

const CSV_COLUMNS = ['file', 'line', 'effect', 'project', 'resource_type', 'resource_id', ...EFFECT_COLUMNS]

/** Prints changes of a dry run as they arrive. */
export class ChangePrinter {
  readonly #io: Io
  readonly #options: ChangeOptions
  #total = 0
  #printed = 0

  constructor(io: Io, options: ChangeOptions) {
    this.#io = io
    this.#options = options
  }

  /** Prints those of the next changes that are on the page. */
  async print(changes: readonly PreviewedChange[], locate: Locate): Promise<void> {
    const { offset, limit, format, isPaged } = this.#options
    const from = Math.max(0, offset - this.#total)
    const page = isPaged ? changes : changes.slice(from, Math.max(from, offset + limit - this.#total))
    this.#total += changes.length
    if (page.length === 0) return
    const placed = page.map((change) => ({ ...change, ...placeOf(change, locate) }))
    const isFirst = this.#printed === 0
    this.#printed += page.length
    if (format === 'json') await write(this.#io.stdout, placed.map((each) => `${JSON.stringify(each)}\n`).join(''))
    else if (format === 'text') await write(this.#io.stdout, placed.map((each) => `${describe(each)}\n`).join(''))
    else await writeData(this.#io.stdout, toCsv(placed, isFirst))
  }

  /** Says how to see the changes after the page. `total` is the number of all. */
  async printRest(total: number): Promise<void> {
    const { offset, limit, isPaged } = this.#options
    const next = offset + limit
    if (limit === 0 || total <= next) return
    const number = (total - next).toLocaleString('en-GB')
    await writeLine(
      this.#io.stderr,
      `${number} more changes: --offset ${next} shows the next${isPaged ? '' : ', and --all shows all'}.`,
    )
  }
}

type Placed = Omit<PreviewedChange, 'line'> & { readonly file?: string; readonly line?: number }

/** Where a change comes from, in place of the number of its record. */
function placeOf({ line }: PreviewedChange, locate: Locate): { readonly file?: string; readonly line?: number } {
  if (line === undefined) return {}
  const place = locate(line)
  return { file: place.file, line: place.line }
}

/** One line of text, such as `a.csv:3: updated images i-1: name "a" -> "b", +env=prod, team=web -> ops, -tmp=1`. */
function describe({ file, line, effect, resource_type, resource_id, ...change }: Placed): string {
  const parts = effectTexts(change)
  const place = line === undefined ? '' : `${file}:${line}: `
  return `${place}${effect} ${resource_type} ${resource_id}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
}

/** One row for each part of a change; a change without parts has one row, too. */
function toCsv(changes: readonly Placed[], hasHeader: boolean): string {
  const rows = changes.flatMap((each) => {
    const head = [
      each.file ?? '',
      String(each.line ?? ''),
      each.effect,
      each.project ?? '',
      each.resource_type,
      each.resource_id,
    ]
    return effectRows(each).map((part) => [...head, ...part].map(cellOf))
  })
  const options = { record_delimiter: '\r\n', quoted_match: /[\r\n]/ }
  return stringify(hasHeader ? [CSV_COLUMNS, ...rows] : rows, { ...options, bom: hasHeader })
}
