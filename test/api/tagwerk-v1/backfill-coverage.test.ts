import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/coverage/backfill

const DAY_MS = 86_400_000

let service: TestService
let target: Target
let nowMs = Date.parse('2026-11-26T23:59:59Z')

beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => nowMs } })
  await service.register(image(newImageId(), 'env=prod'))
  nowMs += 2 * DAY_MS
  service = await service.renewed()
  await service.register(image(newImageId(), 'owner=ana'))
  nowMs += DAY_MS
  service = await service.renewed()
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const PATH = '/tagwerk/v1/{project}/coverage/backfill'
const backfill = async (body: object) =>
  (await service.call('POST', PATH.replace('{project}', service.project), { body })).body
const points = async (query: string) =>
  (await service.call('GET', `/tagwerk/v1/${service.project}/coverage?from=2026-11-25&${query}`)).body.points

describe('coverage of earlier days', () => {
  it('is stored up to yesterday, says what became of each day, and is kept by a second call', async () => {
    expect(await backfill({ from: '2026-11-25' })).toEqual({
      days: [
        { day: '2026-11-25', outcome: 'empty' },
        { day: '2026-11-26', outcome: 'made' },
        { day: '2026-11-27', outcome: 'made' },
        { day: '2026-11-28', outcome: 'made' },
      ],
    })
    const counted = (await points('keys=owner')).map(({ resources, keys }: { resources: number; keys: object[] }) => [
      resources,
      keys,
    ])
    expect(counted).toEqual([
      [1, []],
      [1, []],
      [2, [{ key: 'owner', resources: 2, tagged: 1, coverage: 0.5 }]],
    ])
    const again = await backfill({ from: '2026-11-26', to: '2026-11-27' })
    expect(again.days.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['kept', 'kept'])
  })

  it('is stored for further keys that are named, in days that are stored already', async () => {
    const { days } = await backfill({ from: '2026-11-26', to: '2026-11-27', keys: ['owner'] })
    expect(days.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['made', 'made'])
    expect((await points('keys=owner&to=2026-11-26'))[0].keys).toEqual([
      { key: 'owner', resources: 1, tagged: 0, coverage: 0 },
    ])
  })
})

describe('answers about earlier days', () => {
  const of = (body: object) => ({ method: 'POST', path: PATH, body })
  runScenarios(
    () => target,
    [
      {
        name: 'a day that is not over is refused',
        request: of({ from: '2026-11-28', to: '2026-11-29' }),
        ...tagwerkError(400, 'request-invalid', 'to', '2026-11-28'),
      },
      {
        name: 'a call without the first day is refused',
        request: of({}),
        ...tagwerkError(400, 'request-invalid', 'from'),
      },
      {
        name: 'a key that is named twice is refused',
        request: of({ from: '2026-11-28', keys: ['a', 'a'] }),
        ...tagwerkError(400, 'request-invalid', 'keys'),
      },
      {
        name: 'the token of another project is refused',
        request: { ...of({ from: '2026-11-28' }), token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
    ],
  )
})
