import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inProject, ofType } from '../../src/core/expression/decided-query.ts'
import type { ExpressionCandidate } from '../../src/core/expression/matches-expression.ts'
import { matchesExpression } from '../../src/core/expression/matches-expression.ts'
import { printExpression } from '../../src/core/expression/print-expression.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import { IMAGES } from '../../src/core/resource-types.ts'
import { runLength } from '../support/effort.ts'
import { candidates, expressions } from '../support/expression/arbitrary.ts'
import { celContext, celProgram } from '../support/expression/cel.ts'
import { indexOf, KERNEL_MODES } from './indexes.ts'

// Three judges of one filter: the index with both kernels, the reference implementation, and the library cel-js.

const RUNS = runLength(10_000, 40_000)
const ESTATES = 40
const RESOURCES = 20

type Candidate = Required<ExpressionCandidate>

/** Images of one project in order of creation, and what finds them. */
function estate(seed: number) {
  const sample = fc.sample(candidates, { seed, numRuns: RESOURCES })
  // Some ids are those that expressions name.
  const all: Candidate[] = sample.map((candidate, n) => ({ ...candidate, id: `r${n}`, type: IMAGES, project: 'p1' }))
  const resources = all.map(
    ({ id, name, tags, createdAtMs, updatedAtMs }, n): IndexedResource => ({
      ...{ id, name, tags, createdAtMs, updatedAtMs },
      sequence: n + 1,
      detail: '{}',
    }),
  )
  const indexes = KERNEL_MODES.map((kernels) => indexOf(resources, kernels))
  return { all, contexts: all.map(celContext), indexes }
}

describe('a filter', () => {
  it(`finds the same by the index, by the reference and by CEL, for ${RUNS} expressions`, { timeout: 120_000 }, () => {
    const estates = Array.from({ length: ESTATES }, (_, n) => estate(n + 1))
    let found = 0
    fc.assert(
      fc.property(expressions, fc.nat(ESTATES - 1), (filter, n) => {
        const { all, contexts, indexes } = estates[n] as ReturnType<typeof estate>
        const program = celProgram(filter)
        const byCel = all.filter((_, i) => program(contexts[i] as ReturnType<typeof celContext>) === true)
        const query = ofType(inProject({ filter }, 'p1'), IMAGES)
        const judges = [
          all.filter((resource) => matchesExpression(resource, filter)).map(({ id }) => id),
          ...indexes.map((index) => Array.from(index.find(query, 0, RESOURCES).slots, (slot) => index.at(slot).id)),
        ].map((ids) => ids.join())
        const expected = byCel.map(({ id }) => id).join()
        found += byCel.length
        if (judges.some((ids) => ids !== expected)) {
          expect({ filter: printExpression(filter), judges }).toEqual({ judges: judges.map(() => expected) })
        }
        for (const index of indexes)
          if (index.count(query) !== byCel.length) expect(index.count(query)).toBe(byCel.length)
      }),
      { numRuns: RUNS },
    )
    // Neither everything nor nothing is found.
    expect(found).toBeGreaterThan(RUNS * RESOURCES * 0.1)
    expect(found).toBeLessThan(RUNS * RESOURCES * 0.9)
  })
})
