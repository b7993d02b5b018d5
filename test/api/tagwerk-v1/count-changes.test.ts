import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, makeUser, newImageId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// W85: GET /tagwerk/v1/{project_id}/activity.

let service: TestService
let target: Target
let nowMs = Date.UTC(2026, 0, 31, 12)
const one = newImageId()

beforeAll(async () => {
  service = await startWithUsers({ internals: { clock: () => nowMs } })
  target = await targetOf(service, {})
  const domain = await service.tokenFor(undefined)
  await makeUser(service, domain, 'writer', { project: service.project, role: 'te_admin' })
  await service.register(image(one, 'env=dev'))
  await service.register({ resource_type: 'ecs', resource_id: 's-1', tags: [{ key: 'env', value: 'dev' }] })
  nowMs = Date.UTC(2026, 1, 1)
  const { token } = await logIn(service, 'writer', 'default')
  await service.call('POST', `/tagwerk/v1/${service.project}/resources/images/${one}/tags`, {
    token,
    body: { action: 'create', tags: [{ key: 'team', value: 'web' }] },
  })
  nowMs = Date.UTC(2026, 1, 1, 6)
})
afterAll(() => service.stop())

type Point = { readonly at: string; readonly changes: number; readonly revision: number }
const count = async (query = '', project = service.project) =>
  (await service.call('GET', `/tagwerk/v1/${project}/activity${query}`)).body
const pointsOf = async (query: string) =>
  (await count(query)).points.map(({ at, changes, revision }: Point) => [at.slice(0, 10), changes, revision])

describe('the number of changes', () => {
  it('is given for every interval since the oldest change, with the revision at its end', async () => {
    expect(await count('?interval=day')).toEqual({
      ...{ revision: 3, horizon: 0, interval: 'day' },
      points: [
        { at: '2026-01-31T00:00:00.000Z', changes: 2, revision: 2 },
        { at: '2026-02-01T00:00:00.000Z', changes: 1, revision: 3 },
      ],
    })
  })

  it('has a change at midnight in the interval that begins then', async () => {
    expect(await pointsOf('?interval=month')).toEqual([
      ['2026-01-01', 2, 2],
      ['2026-02-01', 1, 3],
    ])
  })

  it('has intervals that a reader can tell apart without a choice', async () => {
    const { interval, points } = await count()
    expect([interval, points.length]).toEqual(['hour', 19])
    expect(points.map(({ changes }: Point) => changes)).toEqual([2, ...Array(11).fill(0), 1, ...Array(6).fill(0)])
    expect((await count('?since=2026-01-31T12:00:00Z&until=2026-01-31T13:00:00Z')).interval).toBe('minute')
    expect((await count('?since=2024-01-30T12:00:00Z')).interval).toBe('day')
    expect((await count('?since=2020-01-30T12:00:00Z')).interval).toBe('month')
  })

  it.each([
    ['actor=writer', [0, 1]],
    ['actor=nobody', [0, 0]],
    ['resource_type=ecs', [1, 0]],
    ['key=env', [2, 0]],
    ['key=team', [0, 1]],
    ['cause=plan:1', [0, 0]],
    ['request_id=none', [0, 0]],
  ])('with the condition %s is %j', async (condition, expected) => {
    const { points, complete_from } = await count(`?interval=day&${condition}`)
    expect(points.map(({ changes }: Point) => changes)).toEqual(expected)
    expect(points.map(({ revision }: Point) => revision)).toEqual([2, 3])
    expect(complete_from).toBeUndefined()
  })

  it('agrees with the list of changes between two times', async () => {
    for (const query of ['since=2026-01-31T12:00:00Z&until=2026-02-01T00:00:00Z', 'since=2026-02-01T00:00:00Z']) {
      const listed = await service.call('GET', `/tagwerk/v1/${service.project}/changes?${query}`)
      const { points } = await count(`?interval=minute&${query}`)
      const sum = points.reduce((total: number, { changes }: Point) => total + changes, 0)
      expect(sum, query).toBe(listed.body.changes.length)
    }
  })

  it('of a project without changes has no points', async () => {
    const domain = await service.tokenFor(undefined)
    const made = await service.call('POST', '/v3/projects', { token: domain, body: { project: { name: 'eu_empty' } } })
    const token = await service.tokenFor('eu_empty')
    const { body } = await service.call('GET', `/tagwerk/v1/${made.body.project.id}/activity`, { token })
    expect([body.revision, body.points]).toEqual([0, []])
  })

  runScenarios(
    () => target,
    [
      {
        name: 'a token of another project is answered with 403',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/activity', token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'more than 1,100 intervals are answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/activity?interval=minute&since=2026-01-30T12:00:00Z' },
        ...tagwerkError(400, 'request-invalid', 'interval: must be an interval of which at most 1100'),
      },
      {
        name: 'a time that begins after its end is answered with 400',
        request: {
          method: 'GET',
          path: '/tagwerk/v1/{project}/activity?since=2026-02-02T00:00:00Z&until=2026-02-01T00:00:00Z',
        },
        ...tagwerkError(400, 'request-invalid', 'since: must be a time that is not after until'),
      },
      {
        name: 'an unknown interval is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/activity?interval=week' },
        ...tagwerkError(400, 'request-invalid', 'interval'),
      },
    ],
  )
})
