import { WASM_KERNELS } from './wasm-kernels.ts'

/** What kernels see of an arena. */
export type Views = {
  readonly u8: Uint8Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
}

/** Which kernels an arena takes: `auto` the fast ones when it is large enough for them to pay. */
export type KernelMode = 'auto' | 'plain' | 'wasm'

/** Slots of one block: a bitmap of it fills the 4 KiB that stay in the fastest cache. */
export const BLOCK_SHIFT = 15
export const BLOCK_SLOTS = 2 ** BLOCK_SHIFT
export const BLOCK_BYTES = BLOCK_SLOTS / 8

/**
 * The layout: a struct of 32-bit addresses that tells kernels where the columns lie, by place. `registers` are three
 * blocks in a row for results in the making; the others are tables of chunks, see `Column`.
 */
export const LAYOUT = {
  ...{ registers: 0, runs: 1, lengths: 2, parents: 3, marks: 4, texts: 5 },
  ...{ idBytes: 6, idKinds: 7, names: 8, details: 9, rendered: 10 },
} as const
export const LAYOUT_WORDS = 11

/**
 * A program is a list of entries of five words: operation (low byte) and kind of its operand (second byte: 1 blocked, 0
 * list), address of the operand, its length (blocks or members), a cursor that begins at 0, and what the entries after it
 * may cost (about nanoseconds a block). Results gather in a first register; a spare one gathers unions, another
 * one the intersection that may not hold as a whole.
 */
export const OPERATION = {
  ...{ first: 0, and: 1, andNot: 2, spareClear: 3, spareOr: 4, andSpare: 5, firstSpare: 6 },
  ...{ otherCopy: 7, otherAnd: 8, otherAndSpare: 9, andNotOther: 10 },
} as const
export const ENTRY_WORDS = 5
export const BLOCKED_OPERAND = 1 << 8

/**
 * A job for `evaluate`, a struct of words: a program and the number of its entries, masks, which of the members are wanted
 * and where their slots go. `total` and `written` begin at 0 and become how many members there are, and how many slots were
 * written.
 */
export const JOB = {
  ...{ program: 0, entries: 1, need: 2, bar: 3, notAll: 4, withKeys: 5 },
  ...{ offset: 6, limit: 7, out: 8, total: 9, written: 10 },
} as const
export const JOB_WORDS = 11

/** A text with this bit in its length is followed by its folded form: it is not plain ASCII, or escaped. */
export const SPECIAL_TEXT = 0x8000_0000

/** How an id is kept in 16 bytes: the digits of a UUID, 32 digits before `in07`, or the address of a text. */
export const ID_KIND = { uuid: 0, in07: 1, text: 2 } as const

/** Pieces of a resource on a page: three words each, the kind, and for literals and tags the address and length of words. */
export const PIECE = { literal: 0, id: 1, name: 2, detail: 3, tags: 4 } as const
export const PIECE_WORDS = 3

/** Conditions on the marks of one resource's terms, each a set of bits: all of, none of, not all of. */
export type Masks = { readonly need: number; readonly bar: number; readonly notAll: number; readonly withKeys: number }

/**
 * The inner loops of the engine, over addresses in one arena. There are two of each, a plain one and one in WebAssembly
 * with SIMD; both give the same.
 */
export type Kernels = {
  readonly isFast: boolean
  /**
   * Looks at each slot of a list: the marks of its terms (and of their keys, with `withKeys`) together must have every bit
   * of `need`, no bit of `bar`, and not every bit of `notAll` unless that is 0. Gives how many fit, and writes those from
   * `offset` on, `limit` at most, to `out`.
   */
  check(
    ...args: [
      ...[layout: number, list: number, count: number],
      ...[need: number, bar: number, notAll: number, withKeys: number],
      ...[offset: number, limit: number, out: number],
    ]
  ): number
  /**
   * Works out programs block by block, in each block one job after the other. What a job finds is noted in it: see `JOB` and
   * `check`. Without any mask single slots are never looked at.
   */
  evaluate(...args: [layout: number, jobs: number, count: number, blocks: number]): void
  /** Keeps of a list of slots those whose name holds a folded text, or with `whole` is a text; gives how many. */
  filterNames(
    ...args: [
      ...[layout: number, list: number, count: number],
      ...[needle: number, needleLength: number, whole: number, out: number],
    ]
  ): number
  /**
   * Writes the resources in a list of slots one after the other, a comma between two, each as its pieces say. Gives the
   * address after the last byte, or 0 when that would be past `room`; up to 32 bytes after it may be written over.
   */
  writePage(
    ...args: [
      ...[layout: number, slots: number, count: number],
      ...[pieces: number, piecesCount: number, out: number, room: number],
    ]
  ): number
}

/** What of WebAssembly is needed; a runtime may lack it, or the processor its instructions. */
export type WasmMemory = { readonly buffer: ArrayBuffer; grow(pages: number): number }
type WasmApi = {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

const PAGES_MAX = 65_536

let compiled: object | 'missing' | undefined

function compile(api: WasmApi | undefined): object | 'missing' {
  if (api === undefined) return 'missing'
  try {
    return new api.Module(Uint8Array.from(atob(WASM_KERNELS), (char) => char.charCodeAt(0)))
  } catch {
    // A processor without these instructions: the plain kernels do the same.
    return 'missing'
  }
}

/** Makes a memory of so many pages with fast kernels over it; undefined where there are none, or no room for a memory. */
export function wasmKernels(
  pages: number,
  api = (globalThis as { WebAssembly?: WasmApi }).WebAssembly,
): { readonly memory: WasmMemory; readonly kernels: Kernels } | undefined {
  compiled ??= compile(api)
  if (compiled === 'missing' || api === undefined) return undefined
  try {
    const memory = new api.Memory({ initial: pages, maximum: PAGES_MAX })
    const { exports } = new api.Instance(compiled, { env: { memory } })
    return { memory, kernels: { ...(exports as Omit<Kernels, 'isFast'>), isFast: true } }
  } catch {
    // No address space is left for one more memory.
    return undefined
  }
}
