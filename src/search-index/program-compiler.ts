import { blocksUpTo } from './container-format.ts'
import type { TagDictionary } from './dictionary.ts'
import { compileFormula } from './formula-compiler.ts'
import { ENTRY, ENTRY_WORDS, OPERATION } from './kernels/abi.ts'
import type { Operand } from './postings.ts'
import type { QueryPlan, Union } from './query-plan.ts'

// Estimated nanoseconds of an entry per block. Kernels compare the cost of the remaining entries with that of testing the
// remaining members one by one.
const BITMAP_COST = 110
const LIST_COST = 30
const MEMBER_COST = 1

type Step = {
  readonly operation: number
  readonly operand: Operand | undefined
  readonly cost: number
  /** False when the result may contain slots without a resource: their marks say nothing, so they must not be tested. */
  readonly mayCheck: boolean
}

/** A program for the kernels, see `OPERATION` and `ENTRY`. */
export class Program {
  readonly #steps: readonly Step[]

  constructor(steps: readonly Step[]) {
    this.#steps = steps
  }

  /** The number of entries. */
  get length(): number {
    return this.#steps.length
  }

  get bytes(): number {
    return this.#steps.length * ENTRY_WORDS * 4
  }

  /** Writes the entries from a word on. */
  write(u32: Uint32Array, first: number): void {
    let restCost = 0
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      const { operation, operand, cost, mayCheck } = this.#steps[i] as Step
      const at = first + i * ENTRY_WORDS
      u32[at + ENTRY.operation] = operation | (operand?.kind ?? 0)
      u32[at + ENTRY.address] = operand?.address ?? 0
      u32[at + ENTRY.length] = operand?.length ?? 0
      u32[at + ENTRY.cursor] = 0
      u32[at + ENTRY.restCost] = mayCheck ? restCost : 0
      restCost += cost
    }
  }
}

/**
 * Compiles a plan. `candidates` limits the result to a set of slots, such as that of the trigram filters; it may contain
 * slots without a resource.
 */
export function compileProgram(
  dictionary: TagDictionary,
  slotCount: number,
  { required, excluded, notAll, formulas }: QueryPlan,
  candidates: Operand | undefined,
): Program {
  const compiler = new Compiler(dictionary, slotCount)
  if (candidates !== undefined) compiler.add(OPERATION.load, candidates, false)
  for (const [i, terms] of required.entries()) {
    if (i === 0 && candidates === undefined) compiler.addUnion(terms, OPERATION.load, OPERATION.loadUnion)
    else compiler.addUnion(terms, OPERATION.and, OPERATION.andUnion)
  }
  for (const term of excluded) compiler.add(OPERATION.andNot, dictionary.postings.operand(term))
  if (notAll.length > 0) {
    compiler.add(OPERATION.startNand)
    for (const terms of notAll) compiler.addUnion(terms, OPERATION.andNand, OPERATION.andNandUnion)
    compiler.add(OPERATION.subtractNand)
  }
  for (const formula of formulas) {
    compiler.addRegister(OPERATION.save, 0)
    compileFormula(formula, 1, {
      term: (operation, term) => compiler.add(operation, dictionary.postings.operand(term), false),
      register: (operation, register) => compiler.addRegister(operation, register),
    })
    compiler.addRegister(OPERATION.meetSaved, 0)
  }
  return new Program(compiler.steps)
}

class Compiler {
  readonly steps: Step[] = []
  readonly #dictionary: TagDictionary
  readonly #blocks: number

  constructor(dictionary: TagDictionary, slotCount: number) {
    this.#dictionary = dictionary
    this.#blocks = blocksUpTo(slotCount)
  }

  /** Adds one step for a single term, or collects several terms in the union register and applies that. */
  addUnion(terms: Union, ofTerm: number, ofUnion: number): void {
    const { postings } = this.#dictionary
    if (terms.length === 1) {
      this.add(ofTerm, postings.operand(terms[0] as number))
      return
    }
    this.add(OPERATION.clearUnion)
    for (const term of terms) this.add(OPERATION.orUnion, postings.operand(term))
    this.add(ofUnion)
  }

  /** Adds a step on a saved register. */
  addRegister(operation: number, register: number): void {
    this.steps.push({
      operation,
      operand: { kind: 0, address: register, length: 0 },
      cost: BITMAP_COST,
      mayCheck: false,
    })
  }

  add(operation: number, operand?: Operand, mayCheck = true): void {
    const cost = operand?.kind === 0 ? LIST_COST + Math.ceil(operand.length / this.#blocks) * MEMBER_COST : BITMAP_COST
    this.steps.push({ operation, operand, cost, mayCheck })
  }
}
