import { JOB, JOB_WORDS } from './kernels/abi.ts'
import type { Masks } from './kernels/kernels.ts'
import type { Arena } from './memory/arena.ts'
import { Scratch } from './memory/scratch.ts'
import type { Program } from './program-compiler.ts'

/** A program with the masks of its conditions and the page of slots to store. */
export type Job = {
  readonly program: Program
  readonly masks: Masks
  readonly offset: number
  readonly limit: number
  /** Address for at most `limit` slots. */
  readonly out: number
}

/**
 * Runs programs as a batch, block by block. Concurrent queries often share common tags: a bitmap that one program reads from
 * memory is in the CPU cache for the next.
 */
export class ProgramRunner {
  readonly #arena: Arena
  readonly #programs: Scratch
  readonly #jobs: Scratch

  constructor(arena: Arena) {
    this.#arena = arena
    this.#programs = new Scratch(arena)
    this.#jobs = new Scratch(arena)
  }

  /** Runs jobs over a number of blocks. Returns the total of each. `tables`: see `TABLES`. */
  run(tables: number, blocks: number, jobs: readonly Job[]): readonly number[] {
    const arena = this.#arena
    let program = this.#programs.reserve(jobs.reduce((sum, job) => sum + job.program.bytes, 0))
    const first = this.#jobs.reserve(jobs.length * JOB_WORDS * 4) >>> 2
    // Read after `reserve`, which may replace the view.
    const { u32 } = arena
    for (const [i, job] of jobs.entries()) {
      job.program.write(u32, program >>> 2)
      writeJob(u32, first + i * JOB_WORDS, job, program)
      program += job.program.bytes
    }
    arena.kernels.evaluate(tables, first << 2, jobs.length, blocks)
    const totals = jobs.map((_job, i) => arena.u32[first + i * JOB_WORDS + JOB.total]!)
    this.#programs.shrink()
    this.#jobs.shrink()
    return totals
  }

  free(): void {
    this.#programs.free()
    this.#jobs.free()
  }
}

function writeJob(u32: Uint32Array, at: number, { program, masks, offset, limit, out }: Job, address: number): void {
  u32[at + JOB.program] = address
  u32[at + JOB.entryCount] = program.length
  u32[at + JOB.required] = masks.required
  u32[at + JOB.excluded] = masks.excluded
  u32[at + JOB.notAll] = masks.notAll
  u32[at + JOB.includeKeys] = masks.includeKeys
  u32[at + JOB.offset] = offset
  u32[at + JOB.limit] = limit
  u32[at + JOB.out] = out
  u32[at + JOB.total] = 0
  u32[at + JOB.written] = 0
}
