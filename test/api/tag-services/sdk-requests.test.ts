import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SdkClient } from './sdk-client.ts'

// Requests of six services as the clients of the vendor's SDK make them: methods and paths of its operations, and bodies with
// every member of its request models [NS: services/<name>/<version>].

let sdk: SdkClient
const ID = 'resource-1'
const TYPES = ['vpc', 'subnet', 'security-groups', 'ecs', 'disk', 'eip', 'kms', 'dcs']

beforeAll(async () => {
  sdk = await SdkClient.start()
  const lines = TYPES.map((resource_type) => ({
    ...{ resource_type, resource_id: ID, resource_name: `a ${resource_type}` },
    tags: [{ key: 'env', value: 'prod' }],
  }))
  expect((await sdk.service.register(...lines)).body.created).toBe(TYPES.length)
})
afterAll(() => sdk.service.stop())

const CREATE = { action: 'create', tags: [{ key: 'key1', value: 'value1' }] }
const DELETE = { action: 'delete', tags: [{ key: 'key1', value: 'value1' }] }
const DELETE_BY_KEY = { action: 'delete', tags: [{ key: 'key1' }] }
const TAG = { tag: { key: 'key1', value: 'value1' } }
const TAGS = [{ key: 'env', values: ['prod'] }]
const named = (name: string) => [{ key: 'resource_name', value: name }]

type Call = readonly [operation: string, method: string, path: string, body: object | undefined, status: number]

/** The calls of vpcs, subnets and security groups, which differ in one word. */
function networkCalls(path: string, name: string): readonly Call[] {
  const found = { matches: named('a'), tags: TAGS }
  return [
    [`Create${name}Tag`, 'POST', `${path}/${ID}/tags`, TAG, 204],
    [`Show${name}Tags`, 'GET', `${path}/${ID}/tags`, undefined, 200],
    [`Delete${name}Tag`, 'DELETE', `${path}/${ID}/tags/key1`, undefined, 204],
    [`BatchCreate${name}Tags`, 'POST', `${path}/${ID}/tags/action`, CREATE, 204],
    [`BatchDelete${name}Tags`, 'POST', `${path}/${ID}/tags/action`, DELETE, 204],
    [`List${name}Tags`, 'GET', `${path}/tags`, undefined, 200],
    [
      `List${name}sByTags`,
      'POST',
      `${path}/resource_instances/action`,
      { action: 'filter', limit: 100, offset: 0, ...found },
      200,
    ],
    [`List${name}sByTags, count`, 'POST', `${path}/resource_instances/action`, { action: 'count', ...found }, 200],
  ]
}

const CALLS: readonly Call[] = [
  ...networkCalls('/v2.0/{project_id}/vpcs', 'Vpc'),
  ...networkCalls('/v2.0/{project_id}/subnets', 'Subnet'),
  ...networkCalls('/v2.0/{project_id}/security-groups', 'SecurityGroup'),
  ...networkCalls('/v2.0/{project_id}/publicips', 'Publicip'),
  ['BatchCreateServerTags', 'POST', `/v1/{project_id}/cloudservers/${ID}/tags/action`, CREATE, 204],
  ['ShowServerTags', 'GET', `/v1/{project_id}/cloudservers/${ID}/tags`, undefined, 200],
  ['BatchDeleteServerTags', 'POST', `/v1/{project_id}/cloudservers/${ID}/tags/action`, DELETE_BY_KEY, 204],
  ['ListServerTags', 'GET', '/v1/{project_id}/cloudservers/tags', undefined, 200],
  [
    'ListServersByTag',
    'POST',
    '/v1/{project_id}/cloudservers/resource_instances/action',
    {
      ...{ action: 'filter', limit: '100', offset: '0', tags: TAGS },
      ...{ not_tags: [{ key: 'other', values: ['x'] }], matches: named('ecs') },
    },
    200,
  ],
  [
    'ListServersByTag, count',
    'POST',
    '/v1/{project_id}/cloudservers/resource_instances/action',
    { action: 'count', tags: TAGS },
    200,
  ],
  ['BatchCreateVolumeTags', 'POST', `/v2/{project_id}/cloudvolumes/${ID}/tags/action`, CREATE, 204],
  ['ShowVolumeTags', 'GET', `/v2/{project_id}/cloudvolumes/${ID}/tags`, undefined, 200],
  ['BatchDeleteVolumeTags', 'POST', `/v2/{project_id}/cloudvolumes/${ID}/tags/action`, DELETE_BY_KEY, 204],
  ['ListVolumeTags', 'GET', '/v2/{project_id}/cloudvolumes/tags', undefined, 200],
  [
    'ListVolumesByTags',
    'POST',
    '/v2/{project_id}/cloudvolumes/resource_instances/action',
    { action: 'filter', limit: 10, matches: named('disk'), offset: 0, tags: TAGS },
    200,
  ],
  [
    'CreateKmsTag',
    'POST',
    `/v1.0/{project_id}/kms/${ID}/tags`,
    { ...TAG, sequence: '919c82d4-8046-4722-9094-35c3c6524cff' },
    204,
  ],
  ['ShowKmsTags', 'GET', `/v1.0/{project_id}/kms/${ID}/tags`, undefined, 200],
  ['DeleteTag of KMS', 'DELETE', `/v1.0/{project_id}/kms/${ID}/tags/key1`, undefined, 204],
  ['BatchCreateKmsTags', 'POST', `/v1.0/{project_id}/kms/${ID}/tags/action`, { ...CREATE, sequence: '1' }, 204],
  ['BatchCreateKmsTags, delete', 'POST', `/v1.0/{project_id}/kms/${ID}/tags/action`, { ...DELETE, sequence: '1' }, 204],
  ['ListKmsTags', 'GET', '/v1.0/{project_id}/kms/tags', undefined, 200],
  [
    'ListKmsByTags',
    'POST',
    '/v1.0/{project_id}/kms/resource_instances/action',
    { limit: '100', offset: '0', action: 'filter', tags: TAGS, matches: named('kms'), sequence: '1' },
    200,
  ],
  ['BatchCreateOrDeleteTags of DCS', 'POST', `/v2/{project_id}/dcs/${ID}/tags/action`, CREATE, 204],
  ['ShowTags of DCS', 'GET', `/v2/{project_id}/instances/${ID}/tags`, undefined, 200],
  ['BatchCreateOrDeleteTags of DCS, delete', 'POST', `/v2/{project_id}/dcs/${ID}/tags/action`, DELETE, 204],
  ['ListTagsOfTenant of DCS', 'GET', '/v2/{project_id}/dcs/tags', undefined, 200],
]

const ENV = { key: 'env', value: 'prod' }

describe('an operation of the SDK', () => {
  it.each(CALLS)('%s: %s %s', async (operation, method, path, body, status) => {
    const answer = await sdk.send({ base: path }, method, path.replace('{project_id}', sdk.service.project), body)
    expect([answer.status, answer.code]).toEqual([status, undefined])
    if (operation.startsWith('Show')) expect(answer.body.tags).toContainEqual(ENV)
    if (/By\w*Tags?$/.test(operation)) {
      const { total_count, resources } = answer.body
      expect([total_count, resources]).toEqual([
        1,
        [{ resource_id: ID, resource_name: expect.stringMatching(/^a /), resource_detail: {}, tags: [ENV] }],
      ])
    }
    if (operation.endsWith('count')) expect(answer.body.total_count).toBe(1)
  })

  it('has the tags in use of disks as an object', async () => {
    const answer = await sdk.send({ base: '{project_id}' }, 'GET', `/v2/${sdk.service.project}/cloudvolumes/tags`)
    expect(answer.body.tags).toEqual({ env: ['prod'] })
  })

  it('reads the code of an error in both forms', async () => {
    const seen = async (path: string) => (await sdk.send({ base: '{project_id}' }, 'GET', path)).code
    const { project } = sdk.service
    expect(await seen(`/v1/${project}/cloudservers/none/tags`)).toBe('ECS.4042')
    expect(await seen(`/v2.0/${project}/vpcs/none/tags`)).toBe('VPC.4042')
  })
})
