import type { Locate, Source } from '../import-source.ts'

const LINE_FEED = 10
const LINE_BREAK = Uint8Array.of(LINE_FEED)

/** The lines of several sources as one body, whose records are numbered from the first source on. */
export class JoinedSources {
  readonly #sources: readonly Source[]
  readonly #onProgress: (bytesRead: number, records: number) => void
  /** The number of records before each source that was begun. */
  readonly #before: number[] = []
  #records = 0
  /** Why the body broke off. */
  failure: unknown

  constructor(sources: readonly Source[], onProgress: (bytesRead: number, records: number) => void) {
    this.#sources = sources
    this.#onProgress = onProgress
  }

  /** The place of a record. */
  readonly locate: Locate = (record) => {
    const index = Math.max(
      0,
      this.#before.findLastIndex((before) => before < record),
    )
    const source = this.#sources[index]
    if (source === undefined) throw new RangeError(`there is no record ${record}`)
    return source.locate(record - (this.#before[index] ?? 0))
  }

  /** How far the body got; undefined before its first record. */
  get last(): { readonly file: string; readonly line: number } | undefined {
    return this.#records === 0 ? undefined : this.locate(this.#records)
  }

  /**
   * Gives the lines of all sources. Throws for a row that was refused when it was read: the service does not know of it, and
   * would take its resource for absent.
   */
  async *bytes(): AsyncGenerator<Uint8Array> {
    try {
      let bytesBefore = 0
      for (const source of this.#sources) {
        this.#before.push(this.#records)
        let isOpen = false
        for await (const chunk of source.bytes) {
          refuseRows(source)
          for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) this.#records++
          if (chunk.length > 0) isOpen = chunk.at(-1) !== LINE_FEED
          this.#onProgress(bytesBefore + source.bytesRead(), this.#records)
          yield chunk
        }
        refuseRows(source)
        if (isOpen) {
          this.#records++
          yield LINE_BREAK
        }
        bytesBefore += source.bytesRead()
      }
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}

function refuseRows({ name, places }: Source): void {
  const [first] = places.takeRefusals(Number.POSITIVE_INFINITY)
  if (first === undefined) return
  throw new Error(
    `${name}:${places.lineOf(first.record)}: ${first.message} Nothing is deleted with a row that is refused`,
  )
}
