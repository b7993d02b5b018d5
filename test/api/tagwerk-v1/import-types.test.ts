import { afterEach, beforeEach, expect, it } from 'vitest'
import { UNREGISTERED_TYPES_MAX } from '../../../src/core/project-quota.ts'
import { startTestService, type TestService } from '../../support/service.ts'

// The limit on the types of a project that are not in the registry.

let service: TestService
let token: string
beforeEach(async () => {
  service = await startTestService()
  token = await service.tokenFor(undefined)
})
afterEach(() => service.stop())

const line = (resource_type: string, resource_id = 'r', project = 'default') =>
  JSON.stringify({ resource_type, resource_id, project })
const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => line(`kind${String(from + i).padStart(4, '0')}`))
const send = async (lines: readonly string[], query = '') =>
  (await service.call('POST', `/tagwerk/v1/import${query}`, { body: lines.join('\n'), token })).body

const REFUSAL = {
  rule: 'items-max',
  message: expect.stringMatching(
    `^resource types of the project that are not registered: must have at most ${UNREGISTERED_TYPES_MAX} items`,
  ),
}

it('an import fills the limit, refuses one type more, and takes further resources of all others', async () => {
  const max = UNREGISTERED_TYPES_MAX
  expect(await send(numbered(0, max + 3))).toMatchObject({
    ...{ created: max, refused: 3 },
    refusals: [0, 1, 2].map((i) => ({ line: max + 1 + i, ...REFUSAL })),
  })
  expect(await send([line('kind0000', 'r2'), line('more'), line('ecs'), line('images')])).toMatchObject({
    ...{ created: 3, refused: 1 },
    refusals: [{ line: 2, ...REFUSAL }],
  })
  // Another project has a limit of its own.
  expect(await send([line('more', 'r', 'other')])).toMatchObject({ created: 1, refused: 0 })
})

it('later imports count the types that have resources', async () => {
  await send(numbered(0, UNREGISTERED_TYPES_MAX - 1))
  expect(await send(numbered(UNREGISTERED_TYPES_MAX, 2))).toMatchObject({ created: 1, refused: 1 })
  const path = `/tagwerk/v1/${service.project}/resources/kind0000/r`
  expect((await service.call('DELETE', path)).status).toBe(204)
  expect(await send([line('instead'), line('more')])).toMatchObject({ created: 1, refused: 1 })
})

it('a dry run refuses the same lines, also for a project that does not exist yet', async () => {
  const lines = (project: string) =>
    Array.from({ length: UNREGISTERED_TYPES_MAX + 2 }, (_, i) => line(`kind${i}x`, 'r', project))
  for (const project of ['default', 'new']) {
    expect(await send(lines(project), '?dry_run=true')).toMatchObject({ created: UNREGISTERED_TYPES_MAX, refused: 2 })
  }
  expect(await send(lines('new'))).toMatchObject({ created: UNREGISTERED_TYPES_MAX, refused: 2 })
})
