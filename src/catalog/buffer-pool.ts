/** What is kept of all sizes together. */
const BYTES_KEPT_MAX = 32 * 2 ** 20
/** A larger page gets room of its own. */
const BYTES_MAX = 2 * 2 ** 20
const BYTES_MIN = 4096

/** Room for one page, until it is given back. */
export type PooledBuffer = {
  readonly bytes: Uint8Array
  /** Lets the room be used for another page. Whoever cannot say that nobody reads the bytes any more leaves it to the collector. */
  readonly release: () => void
}

/**
 * Room for large pages that is used again: memory that was never touched costs more than what is written to it, and memory
 * that is let go of makes the collector run.
 */
export class BufferPool {
  /** By their sizes. */
  readonly #kept = new Map<number, Uint8Array[]>()
  #bytesKept = 0

  /** Gives room for so many bytes, with anything in it. */
  acquire(length: number): PooledBuffer {
    if (length > BYTES_MAX) return { bytes: new Uint8Array(length), release: () => undefined }
    const size = sizeFor(length)
    const kept = this.#kept.get(size)?.pop()
    if (kept !== undefined) this.#bytesKept -= size
    const whole = kept ?? Buffer.allocUnsafeSlow(size)
    let isHeld = true
    const release = () => {
      if (isHeld) this.#keep(size, whole)
      isHeld = false
    }
    return { bytes: whole.subarray(0, length), release }
  }

  #keep(size: number, whole: Uint8Array): void {
    if (this.#bytesKept + size > BYTES_KEPT_MAX) return
    this.#bytesKept += size
    const kept = this.#kept.get(size)
    if (kept === undefined) this.#kept.set(size, [whole])
    else kept.push(whole)
  }
}

/** The next of four sizes between two powers of two. */
function sizeFor(length: number): number {
  if (length <= BYTES_MIN) return BYTES_MIN
  const step = 2 ** (31 - Math.clz32(length - 1)) / 4
  return Math.ceil(length / step) * step
}
