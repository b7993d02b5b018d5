import { type Arena, roomOf } from './arena.ts'

/** Scratch room that is given back when a question was unusually large. */
const BYTES_KEPT = 2 ** 21

/** A piece of an arena for what is needed during one call. */
export class Scratch {
  address = 0
  bytes = 0
  readonly #arena: Arena

  constructor(arena: Arena) {
    this.#arena = arena
  }

  /** Makes sure of so much room; what was in it is gone if it had less. Gives the address. */
  reserve(bytes: number): number {
    if (bytes > this.bytes || this.bytes === 0) {
      this.free()
      this.bytes = roomOf(bytes)
      this.address = this.#arena.alloc(this.bytes)
    }
    return this.address
  }

  /** Gives back what is unusually large. */
  shrink(): void {
    if (this.bytes > BYTES_KEPT) this.free()
  }

  free(): void {
    if (this.bytes > 0) this.#arena.free(this.address, this.bytes)
    this.bytes = 0
    this.address = 0
  }
}
