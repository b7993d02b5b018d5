import type { SampleOverrides } from './sample.ts'

const TAGS = [{ key: 'key1', value: 'value1' }]

/** The body of the vendor's example for the creation of an instance. */
const newInstanceBody = (name: string) => ({
  name,
  region: 'local',
  mode: 'Cluster',
  flavor_ref: 'gaussdb.mysql.xlarge.x86.4',
  datastore: { type: 'gaussdb-mysql', version: '8.0' },
  vpc_id: '3cedfc54-b105-4652-a4e0-847b11576b58',
  subnet_id: 'fda0a1f7-c7a5-4cda-9a40-bc1b0a6a2c9d',
  security_group_id: 'c7a5fda0-a1f7-4cda-9a40-bc1b0a6a2c9d',
  configuration_id: '',
  password: 'Abcd_1234!',
  availability_zone_mode: 'single',
  slave_count: 1,
  tags: TAGS,
})

export const TAURUSDB_OVERRIDES: SampleOverrides = {
  'GET /v3/{project_id}/tags': { fill: async () => ({ query: { offset: '0', limit: '2' } }) },
  'POST /v3/{project_id}/instances/{instance_id}/tags/action': {
    fill: async () => ({ body: { action: 'create', tags: TAGS } }),
  },
  'GET /v3/{project_id}/instances': { fill: async () => ({ query: { tags: 'key1=value1' } }) },
  'POST /v3/{project_id}/instances': { fill: async ({ newName }) => ({ body: newInstanceBody(newName()) }) },
  'GET /v3/{project_id}/jobs': {
    fill: async ({ service, projectId, newName }) => {
      const answer = await service.call('POST', `/v3/${projectId}/instances`, { body: newInstanceBody(newName()) })
      return { query: { id: answer.body.job_id } }
    },
  },
}
