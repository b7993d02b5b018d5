import type { ArenaViews, Kernels } from './kernels.ts'
import { check } from './plain-check.ts'
import { evaluate } from './plain-evaluate.ts'
import { filterNames } from './plain-names.ts'
import { writePage } from './plain-pages.ts'

/**
 * The kernels in plain TypeScript: for small indexes, as the fallback where WebAssembly is unsupported, and as the reference
 * in tests.
 */
export function plainKernels(arena: ArenaViews): Kernels {
  return {
    isFast: false,
    check: (...args) => check(arena, ...args),
    evaluate: (...args) => evaluate(arena, ...args),
    filterNames: (...args) => filterNames(arena, ...args),
    writePage: (...args) => writePage(arena, ...args),
  }
}
