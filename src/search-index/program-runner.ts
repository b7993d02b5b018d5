import { JOB, JOB_WORDS } from './kernels/abi.ts'
import type { Masks } from './kernels/kernels.ts'
import type { Arena } from './memory/arena.ts'
import { Scratch } from './memory/scratch.ts'
import type { Program } from './query-plan.ts'

/** A program, what it may look at single resources for, and which of the slots it finds go where. */
export type Job = {
  readonly program: Program
  readonly masks: Masks
  readonly offset: number
  /** So many slots at most. */
  readonly limit: number
  /** Address for the slots. */
  readonly out: number
}

/**
 * Works programs out together, block by block. Queries ask about the same common tags over and over: what one of them has
 * fetched from memory, the next finds in the cache.
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

  /** Gives how many slots each job found in so many blocks. `layout`: see `TABLES`. */
  run(layout: number, blocks: number, jobs: readonly Job[]): readonly number[] {
    const arena = this.#arena
    let program = this.#programs.reserve(jobs.reduce((sum, job) => sum + job.program.bytes, 0))
    const at = this.#jobs.reserve(jobs.length * JOB_WORDS * 4) >>> 2
    // Only now: what was reserved may have moved what a view is of.
    const { u32 } = arena
    for (const [i, job] of jobs.entries()) {
      job.program.write(u32, program >>> 2)
      writeJob(u32, at + i * JOB_WORDS, job, program)
      program += job.program.bytes
    }
    arena.kernels.evaluate(layout, at << 2, jobs.length, blocks)
    const totals = jobs.map((_job, i) => arena.u32[at + i * JOB_WORDS + JOB.total]!)
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
  const { required, excluded, notAll, includeKeys } = masks
  u32.set([address, program.length, required, excluded, notAll, includeKeys, offset, limit, out, 0, 0], at)
}
