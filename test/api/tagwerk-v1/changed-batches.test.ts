import { expect, it } from 'vitest'
import { writeInBatches } from '../../../src/api/tagwerk-v1/changed-batches.ts'
import type { Catalog, ResourceChange } from '../../../src/catalog/catalog.ts'
import { DomainError } from '../../../src/core/errors.ts'
import type { ResourceType } from '../../../src/core/resource-types.ts'
import type { TagChange } from '../../../src/core/tag-change.ts'

const CHANGE: TagChange = { kind: 'set-tags', tags: [{ key: 'k', value: 'v' }] }
const resources = Array.from({ length: 1200 }, (_, i) => ({
  type: 'ecs' as ResourceType,
  id: `r${i}`,
  name: '',
  createdAtMs: 0,
  updatedAtMs: 0,
}))

/** A batch of changes as a catalog gets it, with its number from 1 and how often it was tried. */
type Write = (batch: readonly ResourceChange[], number: number) => unknown

/** Writes all resources with a catalog that answers as `write` says; by default every change has an effect. */
async function written(
  write: Write,
  more: { reauthorize?: () => Promise<void>; isAborted?: () => boolean; nowMs?: () => number } = {},
) {
  const units: string[] = []
  let calls = 0
  const catalog = {
    bulk: {
      changeTogether: async (_project: string, batch: readonly ResourceChange[], _author: unknown, unit: string) => {
        units.push(unit)
        return (await write(batch, ++calls)) ?? batch.map((_, i) => ({ revision: calls * 1000 + i, effect: 'updated' }))
      },
    },
  } as unknown as Catalog
  const author = { userId: 'u', requestId: 'q' }
  const base = { catalog, project: 'p', author, reauthorize: async () => undefined, isAborted: () => false }
  const result = await writeInBatches(resources, () => CHANGE, { ...base, ...more })
  return { ...result, units }
}

it('resources are written in batches of a commit, each a unit of its own', async () => {
  const ids: string[] = []
  const { batches, revision, units } = await written((batch) => void ids.push(...batch.map(({ id }) => id)))
  expect(batches.map(({ changed }) => changed)).toEqual([500, 500, 200])
  expect(ids).toEqual(resources.map(({ id }) => id))
  expect(new Set(units).size).toBe(3)
  expect(revision).toBe(3199)
})

it('a refused batch is the last, and says why', async () => {
  const { batches } = await written((batch, number) =>
    number === 2
      ? batch.map((_, i) => new DomainError<string>(i === 7 ? 'tag-quota-exceeded' : 'not-applied'))
      : undefined,
  )
  expect(batches).toEqual([
    { resources: 500, changed: 500, unchanged: 0 },
    {
      ...{ resources: 500, changed: 0, unchanged: 0 },
      error_code: 'tag-quota-exceeded',
      error_msg: 'The resource would carry too many tags.',
    },
  ])
})

it('resources that left the selection count as unchanged', async () => {
  const { batches } = await written((batch) =>
    batch.map((_, i) => ({ revision: 1, effect: i % 2 === 0 ? 'updated' : 'unchanged' })),
  )
  expect(batches[0]).toEqual({ resources: 500, changed: 250, unchanged: 250 })
})

it('a batch that finds the write queue full is tried again', async () => {
  const { batches, units } = await written((_, number) => {
    if (number === 2 || number === 3) throw new DomainError('overloaded')
  })
  expect(batches.map(({ changed }) => changed)).toEqual([500, 500, 200])
  expect(units[1]).toBe(units[3])
})

it('a failure of the first batch fails the call, and of a later one ends it', async () => {
  const fails = (at: number) => (_: unknown, number: number) => {
    if (number === at) throw new DomainError('unavailable')
  }
  await expect(written(fails(1))).rejects.toMatchObject({ code: 'unavailable' })
  const { batches } = await written(fails(3))
  expect(batches.map(({ error_code }) => error_code)).toEqual([undefined, undefined, 'unavailable'])
})

it('a caller who loses its rights, or is gone, ends the call after the batch', async () => {
  const reauthorize = () => Promise.reject(new DomainError('action-forbidden'))
  const lost = await written(() => undefined, { reauthorize })
  expect(lost.batches.map(({ error_code }) => error_code)).toEqual([undefined, 'action-forbidden'])
  let looked = 0
  const gone = await written(() => undefined, { isAborted: () => looked++ === 1 })
  expect(gone.batches).toHaveLength(1)
})

it('no batch begins after twenty seconds, and the answer says so', async () => {
  let nowMs = 0
  const slow = () => {
    nowMs += 15_000
  }
  const { batches } = await written(slow, { nowMs: () => nowMs })
  expect(batches.map(({ changed, error_code }) => [changed, error_code])).toEqual([
    [500, undefined],
    [500, undefined],
    [0, 'timed-out'],
  ])
})
