import type { KernelMode, Kernels } from '../kernels/kernels.ts'
import { plainKernels } from '../kernels/plain-kernels.ts'
import { type WasmMemory, wasmKernels } from '../kernels/wasm-kernels.ts'

/** Up to so many bytes an arena is a plain buffer; a larger one moves into the memory of a WebAssembly instance. */
const PLAIN_BYTES_MAX = 2 ** 20
const FIRST_BYTES = 4096
const WASM_PAGE_BYTES = 65_536
/** The most that 32-bit addresses reach. */
const BYTES_MAX = 65_535 * WASM_PAGE_BYTES
/** Nothing lies at address 0, which stands for nothing. */
const START = 16
/** Room past the last byte in use: kernels read and write in steps of 16 bytes, past the end of what they are for. */
const MARGIN_BYTES = 64

/** Blocks from this size on begin where a line of the cache does: kernels read them line by line. */
const ALIGNED_FROM_BYTES = 4096
const LINE_BYTES = 64

/** Sizes of blocks: multiples of 8 up to 64 bytes, then four sizes for each doubling. */
const SMALL_CLASSES = 8
const CLASSES = SMALL_CLASSES + 4 * 27

/** What an arena keeps beside its bytes. */
export type ArenaState = { readonly top: number; readonly free: readonly number[] }

/**
 * One growing piece of memory in which everything of a large index lies, by 32-bit addresses: no object for each thing, so
 * that ten million of them cost what their bytes cost; kernels reach all of it; and a copy of its bytes is a copy
 * of the index. `alloc` and `free` hand out blocks. Views change when it grows: take them anew from here after an `alloc`.
 */
export class Arena {
  u8: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  u16: Uint16Array<ArrayBuffer> = new Uint16Array(0)
  u32: Uint32Array<ArrayBuffer> = new Uint32Array(0)
  f64: Float64Array<ArrayBuffer> = new Float64Array(0)
  kernels: Kernels
  readonly #mode: KernelMode
  #memory: WasmMemory | undefined
  #capacity = 0
  #top = START
  /** For each size the first free block, which leads to the next. */
  readonly #free = new Uint32Array(CLASSES)

  /** `mode`: `auto` takes the fast kernels when that pays, `plain` and `wasm` decide it for tests. */
  constructor(mode: KernelMode = 'auto') {
    this.#mode = mode
    this.kernels = plainKernels(this)
  }

  /** How many bytes lie before the end of what was ever handed out. */
  get top(): number {
    return this.#top
  }

  /** How many bytes are held, free ones included. */
  get capacity(): number {
    return this.#capacity
  }

  /** Gives the address of a block of at least so many bytes, a multiple of 8; what is in it is arbitrary. */
  alloc(bytes: number): number {
    const sizeClass = classOf(bytes)
    const free = this.#free[sizeClass]!
    if (free !== 0) {
      this.#free[sizeClass] = this.u32[free >>> 2]!
      return free
    }
    const isAligned = bytes >= ALIGNED_FROM_BYTES
    const address = isAligned ? (this.#top + LINE_BYTES - 1) & -LINE_BYTES : this.#top
    const top = address + sizeOf(sizeClass)
    if (top + MARGIN_BYTES > this.#capacity) this.#grow(top + MARGIN_BYTES)
    this.#top = top
    return address
  }

  /**
   * The same, with zeros in it. What was never handed out is zero as it is and is left alone: the system then gives memory for
   * it page by page as it is used, and not all of it now.
   */
  allocZeroed(bytes: number): number {
    const before = this.#top
    const address = this.alloc(bytes)
    const end = address + bytes
    // Kernels may have written a little past what was the last block.
    this.u8.fill(0, address, address < before ? end : Math.min(end, before + MARGIN_BYTES))
    return address
  }

  /** True: a block of so many bytes would come from what was taken back. */
  hasFree(bytes: number): boolean {
    return this.#free[classOf(bytes)] !== 0
  }

  /** Takes back a block that `alloc` gave for so many bytes. */
  free(address: number, bytes: number): void {
    const sizeClass = classOf(bytes)
    this.u32[address >>> 2] = this.#free[sizeClass]!
    this.#free[sizeClass] = address
  }

  state(): ArenaState {
    return { top: this.#top, free: [...this.#free] }
  }

  /** Makes room for the bytes of another arena, to be written from address 0 on, and takes over what it keeps beside. */
  restore({ top, free }: ArenaState): void {
    if (top > START) this.#grow(top + MARGIN_BYTES)
    this.#top = top
    this.#free.set(free)
  }

  #grow(bytes: number): void {
    if (bytes > BYTES_MAX) throw new RangeError('an index is larger than 4 GiB')
    const isLarge = bytes > PLAIN_BYTES_MAX
    const wanted = Math.max(bytes, FIRST_BYTES, isLarge ? this.#capacity * 1.125 : this.#capacity * 2)
    const pages = Math.min(Math.ceil(wanted / WASM_PAGE_BYTES), BYTES_MAX / WASM_PAGE_BYTES)
    if (this.#memory !== undefined) {
      this.#memory.grow(pages - this.#capacity / WASM_PAGE_BYTES)
      this.#look(this.#memory.buffer)
      return
    }
    const found = this.#mode === 'wasm' || (this.#mode === 'auto' && isLarge) ? wasmKernels(pages) : undefined
    if (found === undefined) {
      this.#moveTo(new ArrayBuffer(isLarge ? pages * WASM_PAGE_BYTES : wanted))
      return
    }
    this.#memory = found.memory
    this.#moveTo(found.memory.buffer)
    this.kernels = found.kernels
  }

  #moveTo(buffer: ArrayBuffer): void {
    const old = this.u8
    this.#look(buffer)
    this.u8.set(old)
  }

  #look(buffer: ArrayBuffer): void {
    this.#capacity = buffer.byteLength
    this.u8 = new Uint8Array(buffer)
    this.u16 = new Uint16Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.f64 = new Float64Array(buffer)
  }
}

function classOf(bytes: number): number {
  if (bytes <= 64) return bytes === 0 ? 0 : ((bytes + 7) >>> 3) - 1
  const rest = bytes - 1
  const power = 31 - Math.clz32(rest)
  return SMALL_CLASSES + (power - 6) * 4 + ((rest >>> (power - 2)) & 3)
}

function sizeOf(sizeClass: number): number {
  if (sizeClass < SMALL_CLASSES) return (sizeClass + 1) * 8
  const power = 6 + ((sizeClass - SMALL_CLASSES) >>> 2)
  return 2 ** power + (((sizeClass - SMALL_CLASSES) & 3) + 1) * 2 ** (power - 2)
}

/** How many bytes a block for so many bytes really has. */
export function roomOf(bytes: number): number {
  return sizeOf(classOf(bytes))
}
