import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, makeUser, newImageId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// W86: GET /tagwerk/v1/{project_id}/activity/groups.

let service: TestService
let target: Target
let writer: string
let plan: string
const [one, two] = [newImageId(), newImageId()]
const atMs = Date.UTC(2026, 0, 31, 12)

beforeAll(async () => {
  service = await startWithUsers({ internals: { clock: () => atMs } })
  target = await targetOf(service, {})
  const domain = await service.tokenFor(undefined)
  writer = await makeUser(service, domain, 'writer', { project: service.project, role: 'te_admin' })
  const { token } = await logIn(service, 'writer', 'default')
  await service.register(image(one, 'env=dev'), image(two, 'env=dev', 'team=web'))
  const path = `/tagwerk/v1/${service.project}`
  const body = { select: {}, actions: [{ set: { env: 'prod' } }, { remove: { keys: ['team'] } }] }
  plan = (await service.call('POST', `${path}/plans`, { token, body })).body.id
  await service.call('POST', `${path}/plans/${plan}/apply`, { token })
  await service.call('DELETE', `${path}/resources/images/${two}`)
})
afterAll(() => service.stop())

type Group = Readonly<Record<string, unknown>> & { readonly id: string; readonly changes: number }
const list = async (query = ''): Promise<{ groups: Group[]; next?: number; horizon: number }> =>
  (await service.call('GET', `/tagwerk/v1/${service.project}/activity/groups${query}`)).body

describe('the changes of a project in groups', () => {
  it('have those of a plan and those of a request together, newest first', async () => {
    const { groups, next, horizon } = await list()
    expect([next, horizon]).toEqual([undefined, 0])
    const at = '2026-01-31T12:00:00.000Z'
    expect(groups.map(({ changes, created, updated, deleted }) => [changes, created, updated, deleted])).toEqual([
      [1, 0, 0, 1],
      [2, 0, 2, 0],
      [2, 2, 0, 0],
    ])
    expect(groups[1]).toEqual({
      ...{ id: `plan:${plan}/${writer}`, actor: { id: writer, name: 'writer' }, cause: `plan:${plan}` },
      ...{ request_id: expect.any(String), first: { revision: 3, at }, last: { revision: 4, at } },
      ...{ changes: 2, resources: 2, resource_name: expect.any(String), created: 0, updated: 2, deleted: 0 },
      types: { images: 2 },
      keys: [
        { key: 'env', added: 0, changed: 2, removed: 0 },
        { key: 'team', added: 0, changed: 0, removed: 1 },
      ],
      ...{ more_keys: 0, may_continue: false },
    })
  })

  it('are read page by page without one missing', async () => {
    const seen: string[] = []
    let before = ''
    do {
      const { groups, next } = await list(`?limit=1${before}`)
      expect(groups.length).toBe(1)
      seen.push(...groups.map(({ id }) => id))
      before = next === undefined ? '' : `&before=${next}`
    } while (before !== '')
    expect(seen).toEqual((await list()).groups.map(({ id }) => id))
  })

  it.each([
    ['?actor=writer', [2]],
    ['?key=team', [1, 1]],
    ['?resource_type=ecs', []],
    ['?after=4', [1]],
    ['?before=3', [2]],
    ['?until=2026-01-31T11:59:59Z', []],
  ])('with %s have only the changes that meet it', async (query, expected) => {
    expect((await list(query)).groups.map(({ changes }) => changes)).toEqual(expected)
  })

  it('have the changes that the list gives for their cause, or for their request', async () => {
    for (const { cause, request_id: request, changes } of (await list()).groups) {
      const condition = cause === undefined ? `request_id=${request}` : `cause=${cause}`
      const listed = await service.call('GET', `/tagwerk/v1/${service.project}/changes?${condition}`)
      expect(listed.body.changes.length, condition).toBe(changes)
    }
  })

  runScenarios(
    () => target,
    [
      {
        name: 'a token of another project is answered with 403',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/activity/groups', token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a revision above the present is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/activity/groups?after=1000' },
        ...tagwerkError(400, 'revision-unknown', 'after: must not be above'),
      },
      {
        name: 'a limit above 200 is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/activity/groups?limit=201' },
        ...tagwerkError(400, 'limit-invalid'),
      },
    ],
  )
})
