import { reading, type Samples, type World, writing } from './sample.ts'

const onInstance = (body?: unknown) => async (world: World) => ({
  path: { instance_id: await world.newInstance('key1=value1') },
  ...(body === undefined ? {} : { body }),
})

const TAGS = [{ key: 'key1', value: 'value1' }]

/** An instance as the vendor's page has it. */
export const newInstanceBody = (name: string) => ({
  ...{ name, region: 'local', mode: 'Cluster', flavor_ref: 'gaussdb.mysql.xlarge.x86.4' },
  datastore: { type: 'gaussdb-mysql', version: '8.0' },
  ...{ vpc_id: '3cedfc54-b105-4652-a4e0-847b11576b58', subnet_id: 'fda0a1f7-c7a5-4cda-9a40-bc1b0a6a2c9d' },
  ...{ security_group_id: 'c7a5fda0-a1f7-4cda-9a40-bc1b0a6a2c9d', configuration_id: '', password: 'Abcd_1234!' },
  ...{ availability_zone_mode: 'single', slave_count: 1, tags: TAGS },
})

/** One working call of each operation of the database service. */
export const TAURUSDB_SAMPLES: Samples = {
  'GET /v3/{project_id}/tags': reading(200, async () => ({ query: { offset: '0', limit: '2' } })),
  'GET /v3/{project_id}/instances/{instance_id}/tags': reading(200, onInstance()),
  'POST /v3/{project_id}/instances/{instance_id}/tags/action': writing(
    200,
    onInstance({ action: 'create', tags: TAGS }),
  ),
  'GET /v3/{project_id}/instances': reading(200, async () => ({ query: { tags: 'key1=value1' } })),
  'GET /v3/{project_id}/instances/{instance_id}': reading(200, onInstance()),
  'POST /v3/{project_id}/instances': writing(201, async (world) => ({ body: newInstanceBody(world.newName()) })),
  'DELETE /v3/{project_id}/instances/{instance_id}': writing(200, onInstance()),
  'GET /v3/{project_id}/jobs': reading(200, async ({ service, projectId, newName }) => {
    const answer = await service.call('POST', `/v3/${projectId}/instances`, { body: newInstanceBody(newName()) })
    return { query: { id: answer.body.job_id } }
  }),
}
