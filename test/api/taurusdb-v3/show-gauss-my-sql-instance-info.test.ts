import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese, ROUTE_NOT_FOUND } from '../expected.ts'
import { image, instance, logIn, newImageId, newInstanceId, startWithUsers, tagOf, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { missingInstances, outsiders, TIME, UNKNOWN_ID } from './instance-cases.ts'

// G5: GET /v3/{project_id}/instances/{instance_id} (contract 3.1, 3.3, 3.4; D14, D15, D22, D23).

let service: TestService
let target: Target
const fills = {
  instance: newInstanceId(),
  bare: newInstanceId(),
  odd: 'db-1.of_mine',
  foreign: newInstanceId(),
  image: newImageId(),
}

/** As the vendor's page has it, numbers where its samples have them. */
const KNOWN = {
  alias: 'main',
  status: 'BACKING UP',
  type: 'Cluster',
  port: 3306,
  enterprise_project_id: 0,
  charge_info: { charge_mode: 'postPaid', order_id: '', more: 1 },
  datastore: { type: 'gaussdb-mysql', version: '8.0', kernel_version: '2.0.29.1' },
  created_at: '2022-07-14T16:26:58+08:00',
  node_count: 2,
  backup_used_space: 0.24,
  public_ips: ['10.154.219.187'],
  private_write_ips: ['192.168.0.142'],
  db_user_name: 'root',
  vpc_id: 'vpc',
  subnet_id: 'subnet',
  security_group_id: 'group',
  configuration_id: 'pr07',
  backup_strategy: { start_time: '19:00-20:00', keep_days: 7 },
  nodes: [{ id: 'no07', type: 'master', volume: { used: 0.07 } }],
  time_zone: 'UTC+08:00',
  az_mode: 'single',
  master_az_code: 'eu-de-01',
  maintenance_window: '18:00-22:00',
  proxies: [{ pool_id: 'po01', address: '192.168.10.76', name: 'proxy' }],
  dedicated_resource_id: 'd',
  owner: 'not shown',
}

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    { ...instance(fills.instance, 'key2=value2', 'key1='), resource_detail: KNOWN },
    instance(fills.bare),
    {
      ...instance(fills.odd),
      resource_detail: { port: '', datastore: {}, private_ips: ['10.0.0.1'], mine: { a: [1] }, status: '' },
    },
    image(fills.image),
    { ...instance(fills.foreign), project: 'other' },
  )
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

describe('showing an instance', () => {
  const { created_at: _created, owner: _owner, status, ...shown } = KNOWN
  const bare = { type: 'Cluster', datastore: { type: 'gaussdb-mysql' }, created: TIME, updated: TIME, tags: [] }
  const of = (id: string) => ({ method: 'GET', path: `/v3/{project}/instances/{${id}}` })
  const project_id = expect.stringMatching(/^[0-9a-f]{32}$/)
  runScenarios(
    () => target,
    [
      {
        name: 'an instance is shown with all known members, and tags as objects',
        request: of('instance'),
        status: 200,
        body: {
          instance: {
            ...shown,
            id: fills.instance,
            name: `instance ${fills.instance}`,
            project_id,
            status,
            created: '2022-07-14T08:26:58+0000',
            updated: TIME,
            port: '3306',
            enterprise_project_id: '0',
            public_ips: '10.154.219.187',
            charge_info: { charge_mode: 'postPaid' },
            backup_strategy: { start_time: '19:00-20:00', keep_days: '7' },
            tags: [tagOf('key2=value2'), tagOf('key1=')],
          },
        },
      },
      {
        name: 'an instance without known members is shown as an active cluster',
        request: of('bare'),
        status: 200,
        body: { instance: { ...bare, id: fills.bare, name: `instance ${fills.bare}`, project_id, status: 'ACTIVE' } },
      },
      {
        name: 'empty members and members that the service does not know are omitted (D22)',
        request: of('odd'),
        status: 200,
        body: {
          instance: {
            ...bare,
            id: fills.odd,
            name: `instance ${fills.odd}`,
            project_id,
            status: 'ACTIVE',
            private_write_ips: ['10.0.0.1'],
          },
        },
      },
    ],
  )

  it('a user with a read-only role can see an instance', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await service.call('GET', `/v3/${service.project}/instances/${fills.bare}`, { token })).status).toBe(200)
  })
})

describe('ids that begin as a call that is missing', () => {
  runScenarios(
    () => target,
    ['details1', 'restored', 'recycle'].map((id) => ({
      name: `${id} is an id`,
      request: { method: 'GET', path: `/v3/{project}/instances/${id}` },
      ...dbsError(400, 'DBS.280404'),
    })),
  )
})

describe('answers to GET', () => {
  runScenarios(
    () => target,
    [
      ...missingInstances((id) => ({ method: 'GET', path: `/v3/{project}/instances/${id}` })),
      ...outsiders((project) => ({ method: 'GET', path: `/v3/${project}/instances/{instance}` })),
      {
        name: 'with X-Language zh-cn the message of a 404 is in Chinese (D14)',
        request: { method: 'GET', path: `/v3/{project}/instances/${UNKNOWN_ID}`, headers: { 'x-language': 'zh-cn' } },
        ...dbsErrorInChinese(404, 'DBS.200045'),
      },
      {
        name: 'with X-Language zh-cn the message of a 400 is in Chinese (D14)',
        request: { method: 'GET', path: '/v3/{project}/instances/in07', headers: { 'x-language': 'zh-cn' } },
        ...dbsErrorInChinese(400, 'DBS.280404'),
      },
    ],
  )
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    [
      {
        name: 'a PATCH request is answered with 405 APIGW.0101',
        request: { method: 'PATCH', path: '/v3/{project}/instances/{instance}', body: {} },
        ...ROUTE_NOT_FOUND,
        status: 405,
        headers: { allow: expect.stringMatching(/DELETE.*GET|GET.*DELETE/) },
      },
      ...[
        ['GET', 'details?instance_ids=1'],
        ['GET', 'recycle-info'],
        ['GET', 'recycle-policy'],
        ['PUT', 'recycle-policy'],
        ['GET', 'diagnosis-instance-count'],
        ['GET', 'diagnosis-instance-infos'],
        ['POST', 'restore'],
        ['DELETE', 'details'],
        ['PUT', '{instance}/port'],
        ['GET', '{instance}/'],
      ].map(([method = '', name]) => ({
        name: `${method} .../instances/${name}, a call that is missing, is answered as an unknown path`,
        request: { method, path: `/v3/{project}/instances/${name}` },
        ...ROUTE_NOT_FOUND,
      })),
    ],
  )
})
