import { type Arena, roomOf } from './arena.ts'

/** A larger buffer is freed after use. */
const BYTES_KEPT_MAX = 2 ** 21

/** A reusable buffer in an arena for the temporary data of one call. */
export class Scratch {
  address = 0
  bytes = 0
  readonly #arena: Arena

  constructor(arena: Arena) {
    this.#arena = arena
  }

  /** Ensures a capacity. Returns the address; the contents are lost when the buffer grows. */
  reserve(bytes: number): number {
    if (bytes > this.bytes || this.bytes === 0) {
      this.free()
      this.bytes = roomOf(bytes)
      this.address = this.#arena.alloc(this.bytes)
    }
    return this.address
  }

  /** Frees an unusually large buffer. */
  shrink(): void {
    if (this.bytes > BYTES_KEPT_MAX) this.free()
  }

  free(): void {
    if (this.bytes > 0) this.#arena.free(this.address, this.bytes)
    this.bytes = 0
    this.address = 0
  }
}
