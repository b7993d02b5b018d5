import { newImageId } from '../../api/fixtures.ts'
import { reading, type Samples, type World, writing } from './sample.ts'

const onImage = (body?: unknown) => async (world: World) => ({
  path: { image_id: await world.newImage('key1=value1') },
  ...(body === undefined ? {} : { body }),
})

/** An image that the default project shares with the other one, or the other way round. */
async function shared(world: World) {
  const image_id = await world.newImage()
  const token = world.service.token
  const body = { member: world.otherProjectId }
  const answer = await world.service.call('POST', `/v2/images/${image_id}/members`, { token, body })
  if (answer.status !== 200) throw new Error(`no member: ${answer.status} ${answer.text}`)
  return { image_id, member_id: world.otherProjectId }
}

const TAG = { key: 'key1', value: 'value1' }
const PATCH = [{ op: 'replace', path: '/name', value: 'renamed' }]

/** One working call of each operation of the image service. */
export const IMS_SAMPLES: Samples = {
  'POST /v2/{project_id}/images/{image_id}/tags': writing(204, onImage({ tag: TAG })),
  'GET /v2/{project_id}/images/{image_id}/tags': reading(200, onImage()),
  'DELETE /v2/{project_id}/images/{image_id}/tags/{key}': writing(204, async (world) => ({
    path: { image_id: await world.newImage('key1=value1'), key: 'key1' },
  })),
  'POST /v2/{project_id}/images/{image_id}/tags/action': writing(204, onImage({ action: 'create', tags: [TAG] })),
  'POST /v2/{project_id}/images/resource_instances/action': reading(200, async () => ({
    body: { action: 'filter', limit: '10', offset: '0', tags: [{ key: 'key1', values: ['value1'] }] },
  })),
  'GET /v2/{project_id}/images/tags': reading(200),
  'PUT /v1/cloudimages/tags': writing(204, async (world) => ({
    body: { image_id: await world.newImage(), image_tag: TAG },
  })),
  'GET /v1/cloudimages/tags': reading(200, async () => ({ query: { limit: '5', page: '1' } })),
  'DELETE /v1/{project_id}/cloudimages/{image_id}/tags/delete': writing(204, onImage({ tags: [TAG] })),
  'PUT /v2/images/{image_id}/tags/{tag}': writing(204, async (world) => ({
    path: { image_id: await world.newImage(), tag: 'aaaa' },
  })),
  'DELETE /v2/images/{image_id}/tags/{tag}': writing(204, async (world) => ({
    path: { image_id: await world.newImage('aaaa='), tag: 'aaaa' },
  })),
  'GET /v2/cloudimages': reading(200, async () => ({ query: { limit: '5', tag: 'key1=value1' } })),
  'PATCH /v2/cloudimages/{image_id}': writing(200, onImage(PATCH)),
  'POST /v2/cloudimages/action': writing(200, async (world) => ({
    body: { name: world.newName(), instance_id: newImageId(), image_tags: [TAG] },
  })),
  'GET /v1/{project_id}/jobs/{job_id}': reading(200, async ({ service, newName }) => {
    const body = { name: newName(), instance_id: newImageId() }
    const answer = await service.call('POST', '/v2/cloudimages/action', { body })
    return { path: { job_id: answer.body.job_id } }
  }),
  'GET /v2/images': reading(200, async () => ({ query: { limit: '5', tag: 'key1=value1' } })),
  'GET /v2/images/{image_id}': reading(200, onImage()),
  'POST /v2/images': writing(201, async (world) => ({ body: { name: world.newName(), tags: ['test=testvalue'] } })),
  'PATCH /v2/images/{image_id}': writing(200, async (world) => ({
    path: { image_id: await world.newImage() },
    headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
    body: PATCH,
  })),
  'DELETE /v2/images/{image_id}': writing(204, onImage()),
  'PUT /v2/images/{image_id}/file': writing(204, async ({ service, newName }) => {
    const { body } = await service.call('POST', '/v2/images', { body: { name: newName() } })
    return { path: { image_id: body.id }, body: { data: 'of the image' } }
  }),
  'GET /v2/images/{image_id}/file': reading(204, onImage()),
  'POST /v2/images/{image_id}/members': writing(200, async (world) => ({
    path: { image_id: await world.newImage() },
    body: { member: world.otherProjectId },
  })),
  'GET /v2/images/{image_id}/members': reading(200, async (world) => ({ path: await shared(world) })),
  'GET /v2/images/{image_id}/members/{member_id}': reading(200, async (world) => ({ path: await shared(world) })),
  'PUT /v2/images/{image_id}/members/{member_id}': writing(200, async (world) => {
    const { service, projectId } = world
    const image_id = newImageId()
    await service.register({ resource_type: 'images', resource_id: image_id, project: 'other' })
    const token = await service.tokenFor('other')
    await service.call('POST', `/v2/images/${image_id}/members`, { token, body: { member: projectId } })
    return { path: { image_id, member_id: projectId }, body: { status: 'accepted' } }
  }),
  'DELETE /v2/images/{image_id}/members/{member_id}': writing(204, async (world) => ({ path: await shared(world) })),
  'GET /v2/schemas/images': reading(200),
  'GET /v2/schemas/image': reading(200),
  'GET /v2/schemas/members': reading(200),
  'GET /v2/schemas/member': reading(200),
}
