import { reading, type Samples, type World, writing } from './sample.ts'

const predefined = (world: World) => ({ key: world.newName(), value: 'v' })

async function definedTag(world: World) {
  const tag = predefined(world)
  await world.made('POST', '/v1.0/predefine_tags/action', { action: 'create', tags: [tag] })
  return tag
}

const batch = async (world: World) => ({
  body: {
    project_id: world.projectId,
    resources: [{ resource_id: await world.newImage('key1=value1'), resource_type: 'images' }],
    tags: [{ key: 'key1', value: 'value1' }],
  },
})

/** One working call of each operation of the tag service. */
export const TMS_SAMPLES: Samples = {
  'POST /v1.0/predefine_tags/action': writing(204, async (world) => ({
    body: { action: 'create', tags: [predefined(world)] },
  })),
  'GET /v1.0/predefine_tags': reading(200, async () => ({ query: { limit: '10' } })),
  'PUT /v1.0/predefine_tags': writing(200, async (world) => ({
    body: { old_tag: await definedTag(world), new_tag: predefined(world) },
  })),
  'GET /v1.0/tms/quotas': reading(200),
  'GET /v1.0/tms/providers': reading(200, async () => ({ query: { locale: 'en-us' } })),
  'POST /v1.0/resource-tags/batch-create': writing(200, batch),
  'POST /v1.0/resource-tags/batch-delete': writing(200, batch),
  'POST /v1.0/resource-instances/filter': reading(200, async (world) => ({
    body: {
      ...{ project_id: world.projectId, resource_types: ['images'], offset: 0, limit: 10 },
      tags: [{ key: 'key1', values: ['value1'] }],
    },
  })),
  'GET /v1.0/tag-keys': reading(200),
  'GET /v1.0/tag-values': reading(200, async () => ({ query: { key: 'key1' } })),
  'GET /v2.0/resources/{resource_id}/tags': reading(200, async (world) => ({
    path: { resource_id: await world.newImage('key1=value1') },
    query: { resource_type: 'images', project_id: world.projectId },
  })),
  'GET /': reading(200),
  'GET /{api_version}': reading(200, async () => ({ path: { api_version: 'v1.0' } })),
}
