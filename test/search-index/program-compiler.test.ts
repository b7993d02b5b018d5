import { describe, expect, it } from 'vitest'
import { ENTRY, ENTRY_WORDS, OPERATION, OPERATION_MASK } from '../../src/search-index/kernels/abi.ts'
import { compileProgram } from '../../src/search-index/program-compiler.ts'
import type { QueryPlan } from '../../src/search-index/query-plan.ts'
import { a1, a2, b, bx, c, dictionary } from './small-dictionary.ts'

const NO_FILTER = { formulas: [], isExact: true }

describe('compileProgram', () => {
  function compile(plan: QueryPlan): { operations: string[]; restCosts: number[]; bytes: number } {
    const program = compileProgram(dictionary, 10, plan, undefined)
    const words = new Uint32Array(program.length * ENTRY_WORDS + 3)
    program.write(words, 3)
    const names = new Map(Object.entries(OPERATION).map(([name, operation]) => [operation as number, name]))
    const entries = Array.from({ length: program.length }, (_, i) => 3 + i * ENTRY_WORDS)
    return {
      operations: entries.map((at) => names.get((words[at + ENTRY.operation] as number) & OPERATION_MASK) as string),
      restCosts: entries.map((at) => words[at + ENTRY.restCost] as number),
      bytes: program.bytes,
    }
  }

  it('a single term becomes one entry, and a union one entry per term plus two', () => {
    const { operations, restCosts, bytes } = compile({
      required: [[a1, a2], [b], [c, a1]],
      excluded: [bx],
      notAll: [[a1], [a2, bx]],
      ...NO_FILTER,
    })
    const required = ['clearUnion', 'orUnion', 'orUnion', 'loadUnion', 'and']
    const last = ['clearUnion', 'orUnion', 'orUnion', 'andUnion', 'andNot']
    const nand = ['startNand', 'andNand', 'clearUnion', 'orUnion', 'orUnion', 'andNandUnion', 'subtractNand']
    expect(operations).toEqual([...required, ...last, ...nand])
    expect(bytes).toBe(17 * ENTRY_WORDS * 4)
    // The rest cost falls with each entry, and the last one has none.
    expect(restCosts.every((cost, i) => i === 0 || cost < (restCosts[i - 1] as number))).toBe(true)
    expect(restCosts.at(-1)).toBe(0)
  })
})
