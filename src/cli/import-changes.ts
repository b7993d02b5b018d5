import { stringify } from 'csv-stringify/sync'
import { cellOf } from './files/csv-cells.ts'
import type { Locate } from './import-source.ts'
import { type Io, write, writeData, writeLine } from './io.ts'

type Tag = { readonly key: string; readonly value: string }

/** A change that a dry run would make. Without a line, it deletes a resource that the file does not have. */
export type PreviewedChange = {
  readonly line?: number
  readonly effect: 'created' | 'updated' | 'deleted'
  readonly project?: string
  readonly resource_type: string
  readonly resource_id: string
  readonly name?: { readonly before: string; readonly after: string }
  readonly detail_members?: readonly string[]
  readonly tags_added: readonly Tag[]
  readonly tags_changed: readonly { readonly key: string; readonly before: string; readonly after: string }[]
  readonly tags_removed: readonly Tag[]
}

/** Which changes are printed, and how. */
export type ChangeOptions = {
  readonly format: 'text' | 'json' | 'csv'
  readonly offset: number
  readonly limit: number
  /** True: the service leaves out what is not on the page. */
  readonly isPaged: boolean
}

const CSV_COLUMNS = [
  'file',
  'line',
  'effect',
  'project',
  'resource_type',
  'resource_id',
  'what',
  'key',
  'before',
  'after',
]

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
  const { name, detail_members, tags_added, tags_changed, tags_removed } = change
  const parts = [
    ...(name === undefined ? [] : [`name ${JSON.stringify(name.before)} -> ${JSON.stringify(name.after)}`]),
    ...(detail_members === undefined ? [] : [`detail (${detail_members.join(', ')})`]),
    ...tags_added.map(({ key, value }) => `+${key}=${value}`),
    ...tags_changed.map(({ key, before, after }) => `${key}=${before} -> ${after}`),
    ...tags_removed.map(({ key, value }) => `-${key}=${value}`),
  ]
  const place = line === undefined ? '' : `${file}:${line}: `
  return `${place}${effect} ${resource_type} ${resource_id}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
}

/** One row for each part of a change; a change without parts has one row, too. */
function toCsv(changes: readonly Placed[], hasHeader: boolean): string {
  const rows = changes.flatMap((each) => {
    const { name, detail_members = [], tags_added, tags_changed, tags_removed } = each
    const parts: readonly (readonly [what: string, key: string, before: string, after: string])[] = [
      ...(name === undefined ? [] : [['name', '', name.before, name.after] as const]),
      ...detail_members.map((member) => ['detail', member, '', ''] as const),
      ...tags_added.map(({ key, value }) => ['tag added', key, '', value] as const),
      ...tags_changed.map(({ key, before, after }) => ['tag changed', key, before, after] as const),
      ...tags_removed.map(({ key, value }) => ['tag removed', key, value, ''] as const),
    ]
    const head = [
      each.file ?? '',
      String(each.line ?? ''),
      each.effect,
      each.project ?? '',
      each.resource_type,
      each.resource_id,
    ]
    return (parts.length === 0 ? [['', '', '', ''] as const] : parts).map((part) => [...head, ...part].map(cellOf))
  })
  const options = { record_delimiter: '\r\n', quoted_match: /[\r\n]/ }
  return stringify(hasHeader ? [CSV_COLUMNS, ...rows] : rows, { ...options, bom: hasHeader })
}
