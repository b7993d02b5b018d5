/** Limit on the free buffers of all sizes together. */
const POOL_BYTES_MAX = 32 * 2 ** 20
/** Larger buffers are allocated each time and not pooled. */
const BUFFER_BYTES_MAX = 2 * 2 ** 20
const BUFFER_BYTES_MIN = 4096

/** A buffer that is on loan from the pool. */
export type PooledBuffer = {
  readonly bytes: Uint8Array
  /**
   * Returns the buffer to the pool; a second call does nothing. The bytes must not be read afterwards. A caller that
   * cannot tell when the last read happens leaves the buffer to the garbage collector instead.
   */
  readonly release: () => void
}

const encoder = new TextEncoder()

/** A buffer pool for large pages: fresh memory costs page faults, and freed buffers trigger garbage collection. */
export class BufferPool {
  /** Free buffers by their size in bytes. */
  readonly #free = new Map<number, Uint8Array[]>()
  #freeBytes = 0

  /** Gives a buffer of a length in bytes, with arbitrary content. */
  acquire(length: number): PooledBuffer {
    if (length > BUFFER_BYTES_MAX) return { bytes: new Uint8Array(length), release: () => undefined }
    const size = sizeClassOf(length)
    const pooled = this.#free.get(size)?.pop()
    if (pooled !== undefined) this.#freeBytes -= size
    const buffer = pooled ?? Buffer.allocUnsafeSlow(size)
    let isOnLoan = true
    const release = () => {
      if (isOnLoan) this.#put(size, buffer)
      isOnLoan = false
    }
    return { bytes: buffer.subarray(0, length), release }
  }

  /** Copies a body between two texts into one buffer. */
  concat(before: string, body: Uint8Array, after: string): PooledBuffer {
    const head = encoder.encode(before)
    const tail = encoder.encode(after)
    const buffer = this.acquire(head.length + body.length + tail.length)
    buffer.bytes.set(head)
    buffer.bytes.set(body, head.length)
    buffer.bytes.set(tail, head.length + body.length)
    return buffer
  }

  #put(size: number, buffer: Uint8Array): void {
    if (this.#freeBytes + size > POOL_BYTES_MAX) return
    this.#freeBytes += size
    const free = this.#free.get(size)
    if (free === undefined) this.#free.set(size, [buffer])
    else free.push(buffer)
  }
}

/** Rounds up to a size class: four per power of two, so that at most a fifth of a buffer is unused. */
function sizeClassOf(length: number): number {
  if (length <= BUFFER_BYTES_MIN) return BUFFER_BYTES_MIN
  const step = 2 ** (31 - Math.clz32(length - 1)) / 4
  return Math.ceil(length / step) * step
}
