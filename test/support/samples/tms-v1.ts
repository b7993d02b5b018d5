import type { SampleOverrides, World } from './sample.ts'

const newTag = (world: World) => ({ key: world.newName(), value: 'v' })

async function predefinedTag(world: World) {
  const tag = newTag(world)
  await world.made('POST', '/v1.0/predefine_tags/action', { action: 'create', tags: [tag] })
  return tag
}

export const TMS_OVERRIDES: SampleOverrides = {
  'GET /v1.0/predefine_tags': { fill: async () => ({ query: { limit: '10' } }) },
  'PUT /v1.0/predefine_tags': {
    fill: async (world) => ({ body: { old_tag: await predefinedTag(world), new_tag: newTag(world) } }),
  },
  'GET /v1.0/tms/providers': { fill: async () => ({ query: { locale: 'en-us' } }) },
  'GET /v1.0/tags': { fill: async () => ({ query: { tag_types: 'resource' } }) },
  'GET /v2.0/resources/{resource_id}/tags': { fill: async ({ projectId }) => ({ query: { project_id: projectId } }) },
  'POST /v1.0/resource-tags/batch-create': {
    fill: async (world) => ({
      body: {
        project_id: world.projectId,
        resources: [{ resource_id: await world.newImage(), resource_type: 'images' }],
        tags: [{ key: 'key1', value: 'value1' }],
      },
    }),
  },
  'POST /v1.0/resource-tags/batch-delete': {
    fill: async (world) => ({
      body: {
        project_id: world.projectId,
        resources: [{ resource_id: await world.newImage('key1=value1'), resource_type: 'images' }],
        tags: [{ key: 'key1', value: 'value1' }],
      },
    }),
  },
  'POST /v1.0/resource-instances/filter': {
    isRead: true,
    fill: async ({ projectId }) => ({
      body: {
        project_id: projectId,
        resource_types: ['images'],
        offset: 0,
        limit: 10,
        tags: [{ key: 'key1', values: ['value1'] }],
      },
    }),
  },
}
