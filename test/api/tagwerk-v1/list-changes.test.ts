import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, makeUser, newImageId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/changes.

let service: TestService
let target: Target
let writer: string
let nowMs = Date.UTC(2026, 0, 31, 12)
const [one, two] = [newImageId(), newImageId()]

beforeAll(async () => {
  service = await startWithUsers({ internals: { clock: () => nowMs } })
  target = await targetOf(service, {})
  const domain = await service.tokenFor(undefined)
  writer = await makeUser(service, domain, 'writer', { project: service.project, role: 'te_admin' })
  const { token } = await logIn(service, 'writer', 'default')
  await service.register(image(one, 'env=dev'))
  nowMs += 60_000
  await service.register({ resource_type: 'ecs', resource_id: 's-1', tags: [{ key: 'env', value: 'dev' }] })
  nowMs += 60_000
  await change(one, { key: 'team', value: 'web' }, token)
  await change(one, { key: 'env', value: 'prod' }, token)
  nowMs += 60_000
  await service.register(image(two))
})
afterAll(() => service.stop())

const change = (id: string, tag: object, token: string) =>
  service.call('POST', `/tagwerk/v1/${service.project}/resources/images/${id}/tags`, {
    token,
    body: { action: 'create', tags: [tag] },
  })
const list = async (query = '') => (await service.call('GET', `/tagwerk/v1/${service.project}/changes${query}`)).body
const revisions = async (query: string): Promise<number[]> =>
  (await list(query)).changes.map(({ revision }: { revision: number }) => revision)

describe('the changes of a project', () => {
  it('are listed newest first, with what they did and who made them', async () => {
    const { changes } = await list()
    expect(changes.map(({ revision }: { revision: number }) => revision)).toEqual([5, 4, 3, 2, 1])
    expect(changes[1]).toEqual({
      ...{ revision: 4, at: '2026-01-31T12:02:00.000Z', actor: { id: writer, name: 'writer' } },
      ...{ request_id: expect.any(String), kind: 'set-tags', effect: 'updated' },
      ...{ resource_type: 'images', resource_id: one, resource_name: expect.stringMatching(/^image/) },
      ...{ tags_added: [], tags_changed: [{ key: 'env', before: 'dev', after: 'prod' }], tags_removed: [] },
    })
  })

  it.each([
    ['?after=2', [5, 4, 3]],
    ['?before=3', [2, 1]],
    ['?after=1&before=4', [3, 2]],
    ['?since=2026-01-31T12:01:00Z', [5, 4, 3, 2]],
    ['?since=2026-01-31T12:01:00.001Z', [5, 4, 3]],
    ['?until=2026-01-31T12:02:00Z', [4, 3, 2, 1]],
    ['?until=2026-01-31T12:01:59Z', [2, 1]],
    ['?since=2026-01-31T12:01:00Z&until=2026-01-31T12:01:30Z', [2]],
    ['?actor=writer', [4, 3]],
    ['?actor=nobody', []],
    ['?resource_type=ecs', [2]],
    ['?resource_type=aws_instance', []],
    ['?resource_type=ecs&resource_type=images', [5, 4, 3, 2, 1]],
    ['?key=env', [4, 2, 1]],
    ['?request_id=none', []],
    ['?key=team', [3]],
    ['?key=env&resource_type=images&actor=writer', [4]],
    ['?cause=plan:1', []],
  ])('with %s are %j', async (query, expected) => {
    expect(await revisions(query)).toEqual(expected)
  })

  it('are found by the id of their author', async () => {
    expect(await revisions(`?actor=${writer}`)).toEqual([4, 3])
  })

  it('are read page by page, also with conditions', async () => {
    for (const query of ['limit=2', 'limit=1&key=env', 'limit=2&resource_type=images']) {
      const all = await revisions(`?${query.replace(/limit=\d/, 'limit=1000')}`)
      const seen: number[] = []
      let before: number | undefined
      do {
        const page = await list(`?${query}${before === undefined ? '' : `&before=${before}`}`)
        seen.push(...page.changes.map(({ revision }: { revision: number }) => revision))
        before = page.next
      } while (before !== undefined)
      expect(seen).toEqual(all)
    }
  })

  it('of a user that was deleted keep its id and have no name', async () => {
    const domain = await service.tokenFor(undefined)
    const id = await makeUser(service, domain, 'leaver', { project: service.project, role: 'te_admin' })
    const { token } = await logIn(service, 'leaver', 'default')
    await change(two, { key: 'last', value: 'words' }, token)
    expect((await list('?limit=1')).changes[0].actor).toEqual({ id, name: 'leaver' })
    await service.call('DELETE', `/v3/users/${id}`, { token: domain })
    expect((await list('?limit=1')).changes[0].actor).toEqual({ id, name: null })
  })

  it('may be read by a user with the role readonly', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    const { status } = await service.call('GET', `/tagwerk/v1/${service.project}/changes`, { token })
    expect(status).toBe(200)
  })

  runScenarios(
    () => target,
    [
      {
        name: 'a token of another project is answered with 403',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/changes', token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a revision above the present is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/changes?after=1000' },
        ...tagwerkError(400, 'revision-unknown', 'after: must not be above'),
      },
      {
        name: 'a time that cannot be read is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/changes?since=yesterday' },
        ...tagwerkError(400, 'request-invalid', 'since: must be a time such as'),
      },
      {
        name: 'a name that no resource type has is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/changes?resource_type=a%20b' },
        ...tagwerkError(400, 'request-invalid', 'resource_type[0]'),
      },
    ],
  )
})
