/** The views of an arena that kernels use. */
export type ArenaViews = {
  readonly u8: Uint8Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
}

/** Selects the kernels of an arena. `auto` switches to WebAssembly once the arena is large enough to benefit. */
export type KernelMode = 'auto' | 'plain' | 'wasm'

/**
 * Conditions on one resource. Each term of a query is marked with the bits of its conditions; the marks of the terms that a
 * resource carries are combined with OR. With `includeKeys` the keys of its pairs count too.
 */
export type Masks = {
  /** All of these bits must be set. */
  readonly required: number
  /** None of these bits may be set. */
  readonly excluded: number
  /** Not all of these bits may be set; 0 for no such condition. */
  readonly notAll: number
  /** 0 or 1. */
  readonly includeKeys: number
}

/**
 * The inner loops of the index, over addresses in one arena. `abi.ts` defines the structs that they read. Two implementations
 * give the same results: plain TypeScript, and WebAssembly with SIMD.
 */
export type Kernels = {
  readonly isFast: boolean
  /**
   * Tests each slot of a list against the masks. Returns how many match, and stores those from `offset` on, at most `limit`,
   * at `out`. `tables`: see `TABLES`.
   */
  check(
    tables: number,
    list: number,
    count: number,
    required: number,
    excluded: number,
    notAll: number,
    includeKeys: number,
    offset: number,
    limit: number,
    out: number,
  ): number
  /**
   * Runs the programs of `count` jobs, block by block and in each block job by job, and stores the results in the jobs: see
   * `JOB`. A job without masks never tests single slots.
   */
  evaluate(tables: number, jobs: number, count: number, blocks: number): void
  /**
   * Filters a list of slots by name: those whose case-folded name contains the needle, or with `isWhole` 1 those whose name
   * equals it. Returns how many were stored at `out`, which may be the list itself.
   */
  filterNames(
    tables: number,
    list: number,
    count: number,
    needle: number,
    needleLength: number,
    isWhole: number,
    out: number,
  ): number
  /**
   * Writes the resources of a list of slots as JSON, separated by commas; see `PIECE`. Returns the address after the last
   * byte, or 0 when the page would pass `end`. Up to 32 bytes after the page may be overwritten.
   */
  writePage(
    tables: number,
    slots: number,
    count: number,
    pieces: number,
    pieceCount: number,
    out: number,
    end: number,
  ): number
}
