import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, makeUser, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id} and POST .../tags: one resource of any type.

let service: TestService
let target: Target
const id = newImageId()
const server = 'i-0123456789'

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    { ...image(id, 'env=prod', 'empty='), created_at: '2020-01-02T03:04:05Z', resource_name: 'One' },
    { resource_type: 'aws_instance', resource_id: server, tags: [{ key: 'Cost Center', value: 'R&D / 42' }] },
    { resource_type: 'ecs', resource_id: newInstanceId() },
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const pathOf = (type: string, of: string) =>
  `/tagwerk/v1/${service.project}/resources/${type}/${encodeURIComponent(of)}`
const show = async (type: string, of: string) => (await service.call('GET', pathOf(type, of))).body
describe('one resource of any type', () => {
  it('is shown with its tags and times, under every name of its type', async () => {
    for (const type of ['images', 'private_image']) {
      expect(await show(type, id)).toMatchObject({
        created_at: '2020-01-02T03:04:05.000Z',
        updated_at: expect.stringMatching(/Z$/),
        resource_type: 'images',
        resource_id: id,
        resource_name: 'One',
        tags: [
          { key: 'env', value: 'prod' },
          { key: 'empty', value: '' },
        ],
      })
    }
    expect((await show('aws_instance', server)).tags).toEqual([{ key: 'Cost Center', value: 'R&D / 42' }])
  })

  runScenarios(
    () => target,
    [
      {
        name: 'a resource that does not exist is answered with 404',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/resources/ecs/none' },
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: 'a resource of another project is answered with 403',
        request: { method: 'GET', path: '/tagwerk/v1/{other}/resources/ecs/none' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
    ],
  )
})

describe('blame', () => {
  const of = newImageId()
  const blame = async (token = service.token) =>
    (await service.call('GET', `${pathOf('images', of)}?blame=true`, { token })).body.tags

  it('says of each tag which change set its present value, and from what', async () => {
    await service.register(image(of, 'env=dev', 'team=web'))
    const tags = [
      { key: 'env', value: 'prod' },
      { key: 'team', value: 'web' },
    ]
    const { headers } = await service.call('POST', `${pathOf('images', of)}/tags`, { body: { action: 'create', tags } })
    const revision = Number(headers.get('x-tagwerk-revision'))
    const user = { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'admin' }
    expect(await blame()).toEqual([
      {
        ...{ key: 'env', value: 'prod', set_at: expect.stringMatching(/Z$/), revision, actor: user },
        ...{ request_id: headers.get('x-request-id'), before: 'dev' },
      },
      {
        ...{ key: 'team', value: 'web', set_at: expect.stringMatching(/Z$/), revision: revision - 1, actor: user },
        request_id: expect.not.stringMatching(headers.get('x-request-id') as string),
      },
    ])
  })

  it('begins anew with a resource that was deleted and made again', async () => {
    const before = await blame()
    await service.call('DELETE', pathOf('images', of))
    await service.register(image(of, 'env=prod'))
    expect((await blame())[0].revision).toBeGreaterThan(before[0].revision)
  })

  it('is shown to a user with the role readonly, and not to one who may not read the history', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await blame(token))[0].actor.name).toBe('admin')
    const domain = await service.tokenFor(undefined)
    const policy = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['tagwerk:resources:get'] }] }
    const role = { display_name: 'only present', type: 'XA', policy }
    const made = await service.call('POST', '/v3.0/OS-ROLE/roles', { body: { role }, token: domain })
    const id = await makeUser(service, domain, 'present')
    const path = `/v3/projects/${service.project}/users/${id}/roles/${made.body.role.id}`
    expect((await service.call('PUT', path, { token: domain })).status).toBe(204)
    const { token: limited } = await logIn(service, 'present', 'default')
    expect((await service.call('GET', pathOf('images', of), { token: limited })).status).toBe(200)
    const refused = await service.call('GET', `${pathOf('images', of)}?blame=true`, { token: limited })
    expect(refused.status).toBe(403)
    expect(refused.body.error_msg).toContain('tagwerk:history:get')
  })
})
