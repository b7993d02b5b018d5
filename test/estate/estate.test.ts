import { describe } from 'vitest'
import { makeVocabulary } from './estate.ts'
import { describeEstate } from './estate-cases.ts'

const SEED = 20_261_129

describe('an estate of 30 types and 3,000 resources', () => {
  describeEstate(makeVocabulary(SEED), 3000, SEED, 30_000)
})
