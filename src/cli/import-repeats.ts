import { contentHash, RepeatedResources } from '../core/repeated-resources.ts'
import type { Places } from './files/places.ts'
import type { Refusal, RepeatedLine } from './import-report.ts'
import type { Batch } from './line-batches.ts'

/** Number of lines before a line that are certainly searched for its resource; they take at most half a gigabyte. */
const SEARCHED_LINES = 6_000_000
/** The place of a line is one number: this times the number of its source, plus its line number. */
const LINES_PER_SOURCE = 2 ** 36
const LINE_FEED = 10

/**
 * A batch without the lines that are refused, which are empty instead so that the others keep their numbers. `line` is
 * the number of a record here, as in the answers of the service; `earlier_line` is the line of a file.
 */
export type CheckedBatch = Batch & {
  readonly refusals: readonly Refusal[]
  readonly repeats: readonly RepeatedLine[]
}

type Line = Readonly<Record<string, unknown>>

/**
 * Finds resources that occur in several lines of an import, in all its parts and sources; the service only sees one part
 * at a time. A line with other data than an earlier one is refused, unless the last line counts.
 */
export class RepeatCheck {
  readonly #seen = new RepeatedResources(SEARCHED_LINES)
  readonly #sources: { readonly name: string; readonly places: Places }[] = []
  readonly #defaultProject: string | undefined
  readonly #lastWins: boolean

  /** `defaultProject` is the project of lines that name none. */
  constructor(defaultProject: string | undefined, lastWins: boolean) {
    this.#defaultProject = defaultProject
    this.#lastWins = lastWins
  }

  /** Begins a source. The batches that follow are its own. */
  startSource(name: string, places: Places): void {
    this.#sources.push({ name, places })
  }

  check(batch: Batch): CheckedBatch {
    const { bytes, firstLine } = batch
    const { name: file, places } = this.#source(this.#sources.length - 1)
    const refusals: Refusal[] = places
      .takeRefusals(firstLine + batch.lines - 1)
      .map(({ record, ...refusal }) => ({ file, line: record, ...refusal }))
    const repeats: RepeatedLine[] = []
    const kept: Uint8Array[] = []
    let start = 0
    let keptFrom = 0
    for (let line = firstLine; start < bytes.length; line++) {
      const end = bytes.indexOf(LINE_FEED, start)
      const outcome = this.#checkLine(bytes.subarray(start, end), line)
      if (outcome !== undefined && 'message' in outcome) {
        refusals.push(outcome)
        kept.push(bytes.subarray(keptFrom, start))
        keptFrom = end
      } else if (outcome !== undefined) repeats.push(outcome)
      start = end + 1
    }
    if (kept.length === 0) return { ...batch, refusals, repeats }
    return { ...batch, bytes: Buffer.concat([...kept, bytes.subarray(keptFrom)]), refusals, repeats }
  }

  #checkLine(bytes: Uint8Array, line: number): Refusal | RepeatedLine | undefined {
    const resource = parseLine(bytes)
    // The service refuses what is not a resource.
    if (resource === undefined) return undefined
    const { project = this.#defaultProject, resource_type: type, resource_id: id } = resource
    const content = [resource.resource_name, resource.resource_detail, resource.tags, resource.created_at]
    const place = (this.#sources.length - 1) * LINES_PER_SOURCE + line
    const identity = JSON.stringify([project, type, id])
    const repeat = this.#seen.add(identity, contentHash(JSON.stringify(content)), place, this.#lastWins)
    if (repeat === undefined) return undefined
    const { earlierLine, isEqual: equal } = repeat
    const file = this.#source(this.#sources.length - 1).name
    const source = this.#source(Math.floor(earlierLine / LINES_PER_SOURCE))
    const earlier = { file: source.name, line: source.places.lineOf(earlierLine % LINES_PER_SOURCE) }
    if (equal || this.#lastWins) return { file, line, earlier_file: earlier.file, earlier_line: earlier.line, equal }
    const rule = `must not occur twice: ${earlier.file}:${earlier.line} has other data for it, and --last-wins lets the last line count`
    return {
      file,
      line,
      field: 'resource_id',
      rule: 'unique',
      message: `resource_id: ${rule} (got ${JSON.stringify(id)}).`,
    }
  }

  #source(index: number): { readonly name: string; readonly places: Places } {
    const source = this.#sources[index]
    if (source === undefined) throw new RangeError(`there is no source ${index}`)
    return source
  }
}

function parseLine(bytes: Uint8Array): Line | undefined {
  if (bytes.length === 0) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
    return typeof value === 'object' && value !== null && 'resource_id' in value ? (value as Line) : undefined
  } catch {
    return undefined
  }
}
