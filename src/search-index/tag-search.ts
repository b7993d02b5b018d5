import { blocksUpTo } from './container-format.ts'
import type { IndexStorage } from './index-state.ts'
import type { KernelTables } from './kernel-tables.ts'
import type { Masks } from './kernels/kernels.ts'
import type { Scratch } from './memory/scratch.ts'
import type { Operand } from './postings.ts'
import { compileProgram } from './program-compiler.ts'
import { type Job, ProgramRunner } from './program-runner.ts'
import { assignMarks, isSingleTerm, type QueryPlan, sizeOf } from './query-plan.ts'
import type { Page } from './query-request.ts'

/** Up to this many candidates, or this fraction of all slots, are tested one by one. */
const CANDIDATES_MIN = 256
const CANDIDATES_SHIFT = 8
/** A shorter program costs less than the tests that could replace its end. */
const ENTRIES_TO_CHECK_MIN = 9
const NO_MASKS: Masks = { required: 0, excluded: 0, notAll: 0, includeKeys: 0 }

/** A plan with the page of its results to store. */
export type PlannedPage = Page & { readonly plan: QueryPlan }

/** The total of a plan, and the address of the slots of its page. */
export type StoredPage = { readonly total: number; readonly slots: number }

/** Finds the slots that match a plan, by the cheapest of three ways: a posting's count, tests of each candidate, a program. */
export class TagSearch {
  readonly #storage: IndexStorage
  readonly #tables: KernelTables
  readonly #runner: ProgramRunner

  constructor(storage: IndexStorage, tables: KernelTables) {
    this.#storage = storage
    this.#tables = tables
    this.#runner = new ProgramRunner(storage.arena)
  }

  /** Returns the total, and stores the slots of a page in a buffer, ascending. */
  search(plan: QueryPlan, page: Page, slots: Scratch): number {
    slots.reserve(this.#slotsMax({ plan, ...page }) * 4)
    if (!this.isCheap(plan, page)) return this.evaluate(plan, undefined, page, slots.address)
    if (isSingleTerm(plan) && this.#isPastEnd(plan, page)) return sizeOf(this.#storage.dictionary, plan.required[0])
    return this.#checkEach(plan, page, slots.address) ?? this.evaluate(plan, undefined, page, slots.address)
  }

  /** Runs plans as one batch. Stores the slots of each page in the buffer. */
  searchBatch(plans: readonly PlannedPage[], buffer: Scratch): StoredPage[] {
    const { dictionary, slotCount } = this.#storage
    const capacities = plans.map((planned) => this.#slotsMax(planned))
    let out = buffer.reserve(capacities.reduce((sum, slots) => sum + slots, 0) * 4)
    const jobs = plans.map(({ plan, offset }, i): Job => {
      const limit = capacities[i] as number
      const job = {
        program: compileProgram(dictionary, slotCount, plan, undefined),
        masks: NO_MASKS,
        offset,
        limit,
        out,
      }
      out += limit * 4
      return job
    })
    const totals = this.#runner.run(this.#tables.write(), blocksUpTo(slotCount), jobs)
    return jobs.map((job, i) => ({ total: totals[i] as number, slots: job.out }))
  }

  /** True when no program is needed: the count of a posting suffices, or the candidates are few enough to test each. */
  isCheap(plan: QueryPlan, page: Page): boolean {
    const { dictionary, slotCount } = this.#storage
    const [smallest] = plan.required
    if (isSingleTerm(plan) && this.#isPastEnd(plan, page)) return true
    const isList = smallest.length === 1 && dictionary.postings.isList(smallest[0]!)
    return isList && sizeOf(dictionary, smallest) <= Math.max(CANDIDATES_MIN, slotCount >>> CANDIDATES_SHIFT)
  }

  /** Runs the program of a plan. `candidates`: see `compileProgram`. Returns the total; stores the slots at `out`. */
  evaluate(plan: QueryPlan, candidates: Operand | undefined, { offset, limit }: Page, out: number): number {
    const { arena, dictionary, slotCount } = this.#storage
    const program = compileProgram(dictionary, slotCount, plan, candidates)
    const run = (masks: Masks) =>
      this.#runner.run(this.#tables.write(), blocksUpTo(slotCount), [{ program, masks, offset, limit, out }])[0]!
    const mayCheck = program.length >= ENTRIES_TO_CHECK_MIN && arena.kernels.isFast
    const marked = mayCheck ? assignMarks(dictionary, plan) : undefined
    return marked === undefined ? run(NO_MASKS) : this.#withMarks(marked.marks, () => run(marked.masks))
  }

  free(): void {
    this.#runner.free()
  }

  /** The maximum number of slots on a page. */
  #slotsMax({ plan, limit }: PlannedPage): number {
    return Math.min(limit, sizeOf(this.#storage.dictionary, plan.required[0]))
  }

  /** True when the page has no slots whatever the result. */
  #isPastEnd({ required }: QueryPlan, { offset, limit }: Page): boolean {
    return limit === 0 || offset >= sizeOf(this.#storage.dictionary, required[0])
  }

  /** Tests each member of the smallest posting, a list. Undefined when the plan has more conditions than marks have bits. */
  #checkEach(plan: QueryPlan, { offset, limit }: Page, out: number): number | undefined {
    const { arena, dictionary } = this.#storage
    const marked = assignMarks(dictionary, plan)
    if (marked === undefined) return undefined
    const tables = this.#tables.write()
    const { address, length } = dictionary.postings.operand(plan.required[0][0]!)
    const { required, excluded, notAll, includeKeys } = marked.masks
    return this.#withMarks(
      marked.marks,
      () =>
        arena.kernels.check(tables, address, length, required, excluded, notAll, includeKeys, offset, limit, out) >>> 0,
    )
  }

  /** Sets the marks of terms for the duration of a call. */
  #withMarks<T>(marks: ReadonlyMap<number, number>, call: () => T): T {
    const column = this.#storage.dictionary.marks
    for (const [term, bits] of marks) column.set(term, bits)
    try {
      return call()
    } finally {
      for (const term of marks.keys()) column.set(term, 0)
    }
  }
}
