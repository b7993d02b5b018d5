import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { image, instance, newImageId, newInstanceId } from './fixtures.ts'

// How each family answers a change that a tag policy refuses (contract 10.24).

let service: TestService
const [imageId, instanceId, serverId] = [newImageId(), newInstanceId(), 'server-1']
const tag = { key: 'env', value: 'stage' }

beforeAll(async () => {
  service = await startTestService()
  await service.register(image(imageId), instance(instanceId), {
    ...image(serverId),
    resource_type: 'ecs',
  })
  const policy = {
    tags: {
      env: {
        tag_value: { '@@assign': ['prod'] },
        enforced_for: { '@@assign': ['ims:*', 'gaussdb:instance', 'ecs:instance'] },
      },
    },
  }
  const token = await service.tokenFor(undefined)
  const answer = await service.call('PUT', '/tagwerk/v1/domain/policies/base', { token, body: policy })
  expect([answer.status, answer.body.warnings]).toEqual([200, []])
})
afterAll(() => service.stop())

const RULE = 'a tag policy allows only "prod" (got "stage")'

it('the image service answers 400 with its code for an invalid tag', async () => {
  const path = `/v2/${service.project}/images/${imageId}/tags`
  const { status, body } = await service.call('POST', path, { body: { tag } })
  expect([status, body.error.code]).toEqual([400, 'IMG.0115'])
  expect(body.error.message).toContain(RULE)
})

it('the database service answers 400 with its code for a wrong parameter', async () => {
  const path = `/v3/${service.project}/instances/${instanceId}/tags/action`
  const { status, body } = await service.call('POST', path, { body: { action: 'create', tags: [tag] } })
  expect([status, body.error_code]).toEqual([400, 'DBS.200001'])
  expect(body.error_msg).toContain(RULE)
})

it('TMS names the resource among those that failed', async () => {
  const resources = [
    { resource_id: imageId, resource_type: 'images' },
    { resource_id: serverId, resource_type: 'ecs' },
  ]
  const { status, body } = await service.call('POST', '/v1.0/resource-tags/batch-create', {
    token: await service.tokenFor(undefined),
    body: { project_id: service.project, resources, tags: [tag] },
  })
  expect(status).toBe(200)
  expect(body.failed_resources).toMatchObject([
    { resource_id: imageId, error_code: 'TMS.0009', error_msg: expect.stringContaining(RULE) },
    { resource_id: serverId, error_code: 'TMS.0009' },
  ])
})

it('the tag calls of a service answer 400 with its code for an invalid tag', async () => {
  const path = `/v1/${service.project}/cloudservers/${serverId}/tags/action`
  const { status, text } = await service.call('POST', path, { body: { action: 'create', tags: [tag] } })
  expect(status).toBe(400)
  expect(text).toContain('4008')
  expect(text).toContain('a tag policy allows only')
})

it('Tagwerk answers 400 with the name of the failure, and in Chinese where a family has it', async () => {
  const path = `/tagwerk/v1/${service.project}/resources/images/${imageId}/tags`
  const { status, body } = await service.call('POST', path, { body: { action: 'create', tags: [tag] } })
  expect([status, body.error_code]).toEqual([400, 'tag-policy-violated'])
  const chinese = await service.call('POST', `/v3/${service.project}/instances/${instanceId}/tags/action`, {
    body: { action: 'create', tags: [tag] },
    headers: { 'x-language': 'zh-cn' },
  })
  expect(chinese.body.error_msg).toContain('标签策略只允许 "prod"')
})

it('no refused change has left a trace', async () => {
  const path = `/tagwerk/v1/${service.project}/resources/images/${imageId}`
  expect((await service.call('GET', path)).body.tags).toEqual([])
})
