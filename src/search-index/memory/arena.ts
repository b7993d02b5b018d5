import type { KernelMode, Kernels } from '../kernels/kernels.ts'
import { plainKernels } from '../kernels/plain-kernels.ts'
import { type WasmMemory, wasmKernels } from '../kernels/wasm-kernels.ts'

/** A larger arena moves from a plain buffer into the memory of a WebAssembly instance. */
const PLAIN_BYTES_MAX = 2 ** 20
const FIRST_BYTES = 4096
const WASM_PAGE_BYTES = 65_536
/** The range of 32-bit addresses. */
const BYTES_MAX = 65_535 * WASM_PAGE_BYTES
/** Address 0 is never allocated: it is the null address. */
const FIRST_ADDRESS = 16
/** Space after the last block: kernels read and write in steps of 16 bytes, past the end of their data. */
const MARGIN_BYTES = 64

/** Blocks of at least this size are aligned to cache lines. */
const ALIGNED_FROM_BYTES = 4096
const CACHE_LINE_BYTES = 64

/** Size classes: multiples of 8 up to 64 bytes, then four classes per power of two. */
const SMALL_CLASSES = 8
const CLASSES = SMALL_CLASSES + 4 * 27

/** The allocator state, without the bytes of the arena. */
export type ArenaState = { readonly top: number; readonly free: readonly number[] }

/**
 * A growing buffer that contains a whole index, with 32-bit addresses as pointers. It needs no JavaScript object per item,
 * kernels can access all of it, and a copy of its bytes is a snapshot of the index. `alloc` and `free` manage blocks with
 * one free list per size class. Growth replaces the views: read `u8` to `f64` again after each `alloc`.
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
  #top = FIRST_ADDRESS
  /** The head of the free list of each size class; a free block starts with the address of the next. */
  readonly #free = new Uint32Array(CLASSES)

  /** `mode`: tests force `plain` or `wasm`. */
  constructor(mode: KernelMode = 'auto') {
    this.#mode = mode
    this.kernels = plainKernels(this)
  }

  /** The end of the highest block that was ever allocated. */
  get top(): number {
    return this.#top
  }

  /** Bytes of the buffer, including free blocks. */
  get capacity(): number {
    return this.#capacity
  }

  /** Allocates a block. Returns its address, a multiple of 8; the contents are arbitrary. */
  alloc(bytes: number): number {
    const sizeClass = classOf(bytes)
    const free = this.#free[sizeClass]!
    if (free !== 0) {
      this.#free[sizeClass] = this.u32[free >>> 2]!
      return free
    }
    const isAligned = bytes >= ALIGNED_FROM_BYTES
    const address = isAligned ? (this.#top + CACHE_LINE_BYTES - 1) & -CACHE_LINE_BYTES : this.#top
    const top = address + sizeOf(sizeClass)
    if (top + MARGIN_BYTES > this.#capacity) this.#grow(top + MARGIN_BYTES)
    this.#top = top
    return address
  }

  /**
   * Allocates a block of zeros. Memory that was never allocated is zero already and is not written, so that the operating
   * system maps its pages only on first use.
   */
  allocZeroed(bytes: number): number {
    const before = this.#top
    const address = this.alloc(bytes)
    const end = address + bytes
    // Kernels may have written past the end of the previous last block.
    this.u8.fill(0, address, address < before ? end : Math.min(end, before + MARGIN_BYTES))
    return address
  }

  /** True when a freed block is available for this size. */
  hasFree(bytes: number): boolean {
    return this.#free[classOf(bytes)] !== 0
  }

  /** Frees a block. `bytes` must be the size that it was allocated with. */
  free(address: number, bytes: number): void {
    const sizeClass = classOf(bytes)
    this.u32[address >>> 2] = this.#free[sizeClass]!
    this.#free[sizeClass] = address
  }

  state(): ArenaState {
    return { top: this.#top, free: [...this.#free] }
  }

  /** Takes over the allocator state of another arena and grows to its size. The caller then copies its bytes to address 0. */
  restore({ top, free }: ArenaState): void {
    if (top > FIRST_ADDRESS) this.#grow(top + MARGIN_BYTES)
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
      this.#createViews(this.#memory.buffer)
      return
    }
    const wasm = this.#mode === 'wasm' || (this.#mode === 'auto' && isLarge) ? wasmKernels(pages) : undefined
    if (wasm === undefined) {
      this.#moveTo(new ArrayBuffer(isLarge ? pages * WASM_PAGE_BYTES : wanted))
      return
    }
    this.#memory = wasm.memory
    this.#moveTo(wasm.memory.buffer)
    this.kernels = wasm.kernels
  }

  #moveTo(buffer: ArrayBuffer): void {
    const old = this.u8
    this.#createViews(buffer)
    this.u8.set(old)
  }

  #createViews(buffer: ArrayBuffer): void {
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

/** The usable bytes of a block that is allocated with a size. */
export function roomOf(bytes: number): number {
  return sizeOf(classOf(bytes))
}
