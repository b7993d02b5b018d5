/** Bytes of a pooled part. */
const PART_BYTES = 65_536
/** Texts are joined up to this length before they are encoded. */
const JOINED_CHARACTERS = 4096
/** Bytes of a UTF-16 code unit in UTF-8, at most. */
const UNIT_BYTES_MAX = 3
/** Free buffers that are kept: 16 MiB. */
const POOLED_MAX = 256

const pool: Buffer[] = []

/** Some bytes of a long text. `release` lets their buffer be used again; a part that is not released is collected. */
export type TextPart = { readonly bytes: Uint8Array; readonly release: () => void }

/**
 * Encodes texts into parts of some size. One text of many megabytes would block the event loop when it is sent. One of 64
 * thousand characters, and a fresh buffer for each part, would live until a full collection, and make these frequent.
 */
export class TextParts {
  #text = ''
  #buffer: Buffer | undefined
  #length = 0

  /** Adds a text. Gives a part that is full. */
  add(text: string): TextPart | undefined {
    this.#text += text
    return this.#text.length < JOINED_CHARACTERS ? undefined : this.#encode()
  }

  /** Gives the rest, in order; a text if there was no part before. */
  end(): string | readonly TextPart[] {
    if (this.#buffer === undefined) return this.#text
    const full = this.#encode()
    const last = this.#take() as TextPart
    return full === undefined ? [last] : [full, last]
  }

  #encode(): TextPart | undefined {
    const text = this.#text
    this.#text = ''
    const bytesMax = text.length * UNIT_BYTES_MAX
    const isFull = this.#buffer !== undefined && bytesMax > this.#buffer.length - this.#length
    const full = isFull ? this.#take() : undefined
    this.#buffer ??= bufferFor(bytesMax)
    this.#length += this.#buffer.write(text, this.#length)
    return full
  }

  #take(): TextPart {
    const buffer = this.#buffer as Buffer
    const bytes = buffer.subarray(0, this.#length)
    this.#buffer = undefined
    this.#length = 0
    let isOnLoan = buffer.length === PART_BYTES
    const release = () => {
      if (isOnLoan && pool.length < POOLED_MAX) pool.push(buffer)
      isOnLoan = false
    }
    return { bytes, release }
  }
}

function bufferFor(bytes: number): Buffer {
  return bytes > PART_BYTES ? Buffer.allocUnsafeSlow(bytes) : (pool.pop() ?? Buffer.allocUnsafeSlow(PART_BYTES))
}
