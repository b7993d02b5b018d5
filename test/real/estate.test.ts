import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { Vocabulary } from '../estate/estate.ts'
import { describeEstate } from '../estate/estate-cases.ts'

// Tags as they occur in real repositories, where their list lies beside the repository; skipped where it does not.

const FILE = join(import.meta.dirname, '../../../shared/data/vocabulary.json')

describe.skipIf(!existsSync(FILE))('an estate of 30 types and 100,000 resources with real tags', () => {
  const vocabulary = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Vocabulary) : {}
  describeEstate(vocabulary, 100_000, 20_261_129, 180_000)
})
