import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
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
