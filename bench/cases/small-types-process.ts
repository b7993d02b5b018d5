import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { SMALL_INDEXES_BYTES, SmallIndexes } from '../../src/catalog/type-index.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'

// Prints the bytes of heap and buffers that the indexes of a number of small projects take. Needs --expose-gc.

const [types = 0, perType = 0, projects = 0] = process.argv.slice(2, 5).map(Number)
const packs = process.argv[5] === 'packed'
const small = new SmallIndexes(packs ? SMALL_INDEXES_BYTES : Number.POSITIVE_INFINITY)

/** Collects several times: buffers are released some time after the objects that held them. */
async function used(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const before = await used()
const indexes: ProjectIndex[] = []
for (let project = 0; project < projects; project++) {
  const index = new ProjectIndex({ seed: 7, small })
  await index.apply(
    Array.from({ length: types * perType }, (_, i) => ({
      revision: i + 1,
      kind: 'register' as const,
      type: `type-${i % types}` as ResourceType,
      id: crypto.randomUUID(),
      sequence: i + 1,
      createdAtMs: i,
      atMs: i,
      actor: '',
      requestId: '',
      priorRevision: undefined,
      cause: undefined,
      after: {
        name: `resource ${i}`,
        detail: '{"status":"active"}',
        tags: [
          { key: 'env', value: i % 3 === 0 ? 'prod' : 'test' },
          { key: 'team', value: `team-${i % 7}` },
          { key: 'owner', value: `owner-${i % 11}` },
        ],
      },
    })),
  )
  indexes.push(index)
}
const bytes = (await used()) - before
// Counts keep the indexes alive until here, and show that they answer.
const size = indexes.reduce((sum, index) => sum + index.size, 0)
if (size !== types * perType * projects) throw new Error(`the indexes have ${size} resources`)
console.log(bytes)
