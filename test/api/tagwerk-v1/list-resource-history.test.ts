import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, newImageId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/history.

let service: TestService
let target: Target
const id = newImageId()
const CLOCK = Date.UTC(2026, 0, 31, 12)

beforeAll(async () => {
  service = await startWithUsers({ internals: { clock: () => CLOCK } })
  target = await targetOf(service, { id })
})
afterAll(() => service.stop())

const pathOf = (of: string) => `/tagwerk/v1/${service.project}/resources/images/${of}`
const history = async (of: string, query = '') => (await service.call('GET', `${pathOf(of)}/history${query}`)).body
const change = (of: string, action: string, ...tags: readonly { key: string; value?: string }[]) =>
  service.call('POST', `${pathOf(of)}/tags`, { body: { action, tags } })

describe('the history of a resource', () => {
  it('has what each change did, by whom and with which request, across deletion and return', async () => {
    await service.register({
      ...image(id, 'env=dev', 'tmp=1'),
      resource_name: 'one',
      resource_detail: { os_version: 'x' },
    })
    await service.register({ ...image(id, 'env=prod'), resource_name: 'two', resource_detail: { os_version: 'y' } })
    const { headers } = await change(id, 'create', { key: 'env', value: 'prod' }, { key: 'team', value: '' })
    await service.call('DELETE', pathOf(id))
    await service.register(image(id, 'env=prod'))
    const { changes, next, horizon } = await history(id)
    expect([next, horizon]).toEqual([undefined, 0])
    const [returned, deleted, tagged, updated, created] = changes
    expect(changes).toHaveLength(5)
    const user = { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'admin' }
    const all = { at: '2026-01-31T12:00:00.000Z', actor: user, resource_type: 'images', resource_id: id }
    expect(created).toEqual({
      ...{ ...all, revision: created.revision, request_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      ...{ kind: 'register', effect: 'created', resource_name: 'one', name: { before: '', after: 'one' } },
      tags_added: [
        { key: 'env', value: 'dev' },
        { key: 'tmp', value: '1' },
      ],
      ...{ tags_changed: [], tags_removed: [] },
    })
    expect(updated).toMatchObject({
      ...{
        ...all,
        revision: created.revision + 1,
        kind: 'register',
        effect: 'updated',
        detail_members: ['os_version'],
      },
      ...{ resource_name: 'two', name: { before: 'one', after: 'two' }, tags_added: [] },
      tags_changed: [{ key: 'env', before: 'dev', after: 'prod' }],
      tags_removed: [{ key: 'tmp', value: '1' }],
    })
    expect(tagged).toMatchObject({
      ...{ ...all, kind: 'set-tags', effect: 'updated', request_id: headers.get('x-request-id') },
      ...{ tags_added: [{ key: 'team', value: '' }], tags_changed: [], tags_removed: [] },
    })
    expect(tagged).not.toHaveProperty('name')
    expect(deleted).toMatchObject({ ...all, kind: 'delete', effect: 'deleted', resource_name: 'two', tags_added: [] })
    expect(deleted.tags_removed).toHaveLength(2)
    expect(returned).toMatchObject({ ...all, effect: 'created', former_life: deleted.revision })
    for (const each of [deleted, tagged, updated, created]) expect(each).not.toHaveProperty('former_life')
  })

  it('is read page by page', async () => {
    const { changes } = await history(id)
    const first = await history(id, '?limit=2')
    expect(first).toMatchObject({ changes: changes.slice(0, 2), next: changes[1].revision })
    const second = await history(id, `?limit=2&before_revision=${first.next}`)
    expect(second.changes).toEqual(changes.slice(2, 4))
    const last = await history(id, `?limit=2&before_revision=${second.next}`)
    expect(last.changes).toEqual(changes.slice(4))
    expect(last).not.toHaveProperty('next')
  })

  it('of a deleted resource stays', async () => {
    const gone = newImageId()
    await service.register(image(gone))
    await service.call('DELETE', pathOf(gone))
    const effects = (await history(gone)).changes.map(({ effect }: { effect: string }) => effect)
    expect(effects).toEqual(['deleted', 'created'])
  })

  it('may be read by a user with the role readonly, who learns the names of users of its domain', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    const { status, body } = await service.call('GET', `${pathOf(id)}/history`, { token })
    expect([status, body.changes[0].actor.name]).toEqual([200, 'admin'])
  })

  runScenarios(
    () => target,
    [
      {
        name: 'a resource that was never there is answered with 404',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/resources/ecs/none/history' },
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: 'a token of another project is answered with 403',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/resources/images/{id}/history', token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a limit above the maximum is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/resources/images/{id}/history?limit=1001' },
        ...tagwerkError(400, 'limit-invalid'),
      },
      {
        name: 'an unknown parameter is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/resources/images/{id}/history?before=3' },
        ...tagwerkError(400, 'request-invalid', 'before_revision'),
      },
    ],
  )
})
