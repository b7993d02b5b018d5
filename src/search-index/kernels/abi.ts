// The memory layout that the index and both kinds of kernels agree on. `npm run gen` writes these numbers to `kernels/abi.ts`
// for the WebAssembly kernels. A change of anything but the operations, jobs, tables and pieces (which live for one call)
// changes the bytes of a snapshot: raise `LAYOUT_VERSION` in `src/catalog/snapshot-head.ts` with it.

/** A block is a range of 32,768 slots. Its bitmap takes 4 KiB, so that the registers of a program fit the L1 cache. */
export const BLOCK_SHIFT = 15
export const BLOCK_SLOTS = 2 ** BLOCK_SHIFT
export const BLOCK_BYTES = BLOCK_SLOTS / 8

/** A column stores its items in chunks of 16 KiB. Its table holds the 32-bit address of each chunk. */
export const CHUNK_SHIFT = 14
/** The shift from an item's index to its chunk, for items of 1, 4 and 16 bytes. */
export const U8_CHUNK_SHIFT = CHUNK_SHIFT
export const U32_CHUNK_SHIFT = CHUNK_SHIFT - 2
export const ID_CHUNK_SHIFT = CHUNK_SHIFT - 4

/** A stored text: its length in 32 bits, then its bytes. */
export const TEXT_HEADER_BYTES = 4
/**
 * Flag in the length of a name that is not plain ASCII or needs JSON escapes. Its case-folded form follows as a second
 * text, at the next multiple of 4.
 */
export const SPECIAL_TEXT = 0x8000_0000

/** Encodings of an id in 16 bytes: the digits of a UUID, the 32 digits before `in07`, or the address of a text. */
export const ID_KIND = { uuid: 0, in07: 1, text: 2 } as const
export const ID_BYTES = 16

/**
 * A container holds the members of a posting in one block, as 16-bit offsets from the block's first slot: in a sorted array,
 * or in a bitmap when `capacity` is 0. Byte offsets: `address` is a 32-bit word, 0 for no storage; the others have 16 bits.
 */
export const CONTAINER = { address: 0, count: 4, capacity: 6 } as const
export const CONTAINER_BYTES = 8

/**
 * The struct of 32-bit addresses through which kernels reach the index, as word offsets. `registers` points to
 * consecutive bitmaps of one block, one for each register; each other member is the chunk table of a column.
 */
export const TABLES = {
  registers: 0,
  tagLists: 1,
  tagCounts: 2,
  parents: 3,
  marks: 4,
  termTexts: 5,
  idBytes: 6,
  idKinds: 7,
  names: 8,
  detailOf: 9,
  renderedDetails: 10,
} as const
export const TABLES_WORDS = 11

/**
 * Operations of a program, each on one block. A program has the registers `result`; `union`, which collects alternatives
 * and serves as a temporary; `nand`, the intersection of the conditions of which at least one must fail; and numbered ones,
 * the saved registers. An empty result ends the program, except after the operations from `put` on, which compute a part.
 */
export const OPERATION = {
  /** result = operand */
  load: 0,
  /** result &= operand */
  and: 1,
  /** result &= ~operand */
  andNot: 2,
  /** union = 0 */
  clearUnion: 3,
  /** union |= operand */
  orUnion: 4,
  /** result &= union */
  andUnion: 5,
  /** result = union */
  loadUnion: 6,
  /** nand = result */
  startNand: 7,
  /** nand &= operand */
  andNand: 8,
  /** nand &= union */
  andNandUnion: 9,
  /** result &= ~nand */
  subtractNand: 10,
  /** result = operand */
  put: 11,
  /** result &= operand */
  meet: 12,
  /** result |= operand */
  join: 13,
  /** result &= ~operand */
  cut: 14,
  /** saved[n] = result */
  save: 15,
  /** result &= saved[n] */
  meetSaved: 16,
  /** result |= saved[n] */
  joinSaved: 17,
  /** result &= ~saved[n] */
  cutSaved: 18,
  /** result = saved[n] & ~result */
  cutFromSaved: 19,
} as const

/** The number of saved registers: with the deeper side first, 64 tests need at most 7. They follow the named ones. */
export const SAVED_REGISTERS = 8
export const NAMED_REGISTERS = 3

/**
 * An entry of a program, as word offsets. `operation` combines an operation (low byte) with `BLOCKED_OPERAND` when the
 * operand is a table of containers and not a sorted list. `address` is a number instead for the operations on saved registers.
 * `length` counts containers or members. `cursor` is the position in a list, 0 at the start. `restCost` estimates the entries that follow, in nanoseconds per block.
 */
export const ENTRY = { operation: 0, address: 1, length: 2, cursor: 3, restCost: 4 } as const
export const ENTRY_WORDS = 5
export const OPERATION_MASK = 0xff
export const BLOCKED_OPERAND = 1 << 8

/**
 * A job of `evaluate`, as word offsets: a program and its number of entries, the masks of `check`, the page that is wanted
 * and the address for its slots. The kernel adds to `total` (members) and `written` (slots stored), both 0 at the start.
 */
export const JOB = {
  program: 0,
  entryCount: 1,
  required: 2,
  excluded: 3,
  notAll: 4,
  includeKeys: 5,
  offset: 6,
  limit: 7,
  out: 8,
  total: 9,
  written: 10,
} as const
export const JOB_WORDS = 11

/** Kinds of the pieces that a resource consists of on a JSON page. */
export const PIECE_KIND = { literal: 0, id: 1, name: 2, detail: 3, tags: 4 } as const
/** A piece, as word offsets. Literals and tags have the address and length of their text. */
export const PIECE = { kind: 0, address: 1, length: 2 } as const
export const PIECE_WORDS = 3

/** The JSON around the key and value of a tag, each text padded to 16 bytes. The first tag omits the leading comma. */
export const TAG_JSON = { beforeKey: ',{"key":"', beforeValue: '","value":"', afterValue: '"}' } as const
export const TAG_JSON_STRIDE = 16
