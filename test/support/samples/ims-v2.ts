import { newImageId } from '../../api/fixtures.ts'
import type { SampleOverride, SampleOverrides, World } from './sample.ts'

const TAG = { key: 'key1', value: 'value1' }
const PATCH = [{ op: 'replace', path: '/name', value: 'renamed' }]

const body = (value: unknown): SampleOverride => ({ fill: async () => ({ body: value }) })
const query = (value: Readonly<Record<string, string>>): SampleOverride => ({ fill: async () => ({ query: value }) })

/** An image of the default project whose member is the other project. */
async function sharedImage(world: World) {
  const { service, otherProjectId } = world
  const image_id = await world.newImage()
  const call = { token: service.token, body: { member: otherProjectId } }
  const answer = await service.call('POST', `/v2/images/${image_id}/members`, call)
  if (answer.status !== 200) throw new Error(`no member: ${answer.status} ${answer.text}`)
  return { path: { image_id, member_id: otherProjectId } }
}

/** An image of the other project whose member is the default project. */
async function imageOfOther({ service, projectId }: World) {
  const image_id = newImageId()
  await service.register({ resource_type: 'images', resource_id: image_id, project: 'other' })
  const call = { token: await service.tokenFor('other'), body: { member: projectId } }
  await service.call('POST', `/v2/images/${image_id}/members`, call)
  return { path: { image_id, member_id: projectId } }
}

export const IMS_OVERRIDES: SampleOverrides = {
  'POST /v2/{project_id}/images/{image_id}/tags/action': body({ action: 'create', tags: [TAG] }),
  'POST /v2/{project_id}/images/resource_instances/action': {
    isRead: true,
    ...body({ action: 'filter', limit: '10', offset: '0', tags: [{ key: 'key1', values: ['value1'] }] }),
  },
  'PUT /v1/cloudimages/tags': {
    // The image is named by the body.
    other: 404,
    fill: async (world) => ({ body: { image_id: await world.newImage(), image_tag: TAG } }),
  },
  'GET /v1/cloudimages/tags': query({ limit: '5', page: '1' }),
  'GET /v2/cloudimages': query({ limit: '5', tag: 'key1=value1' }),
  'PATCH /v2/cloudimages/{image_id}': body(PATCH),
  'POST /v2/cloudimages/action': {
    fill: async ({ newName }) => ({ body: { name: newName(), instance_id: newImageId(), image_tags: [TAG] } }),
  },
  'GET /v2/images': query({ limit: '5', tag: 'key1=value1' }),
  'POST /v2/images': { fill: async ({ newName }) => ({ body: { name: newName(), tags: ['test=testvalue'] } }) },
  'PATCH /v2/images/{image_id}': {
    fill: async () => ({ headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' }, body: PATCH }),
  },
  'DELETE /v1/{project_id}/cloudimages/{image_id}/tags/delete': body({ tags: [TAG] }),
  'PUT /v2/images/{image_id}/file': {
    fill: async ({ service, newName }) => {
      const image = await service.call('POST', '/v2/images', { body: { name: newName() } })
      return { path: { image_id: image.body.id }, body: { data: 'of the image' } }
    },
  },
  // Downloading is an action that role `readonly` does not allow.
  'GET /v2/images/{image_id}/file': { reader: 403 },
  // The other project cannot become a member by its own request.
  'POST /v2/images/{image_id}/members': { other: 400 },
  // The other project is the member.
  'GET /v2/images/{image_id}/members': { other: 200, fill: sharedImage },
  'GET /v2/images/{image_id}/members/{member_id}': { other: 200, fill: sharedImage },
  'DELETE /v2/images/{image_id}/members/{member_id}': { other: 204, fill: sharedImage },
  // The other project owns the image; only the member may accept or reject it.
  'PUT /v2/images/{image_id}/members/{member_id}': {
    other: 403,
    fill: async (world) => ({ ...(await imageOfOther(world)), body: { status: 'accepted' } }),
  },
}
