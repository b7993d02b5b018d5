import type { Case } from './case.ts'
import { indexCase } from './cases/index-queries.ts'

/** Every case, in the order in which they run. */
export const CASES: readonly Case[] = [indexCase]
