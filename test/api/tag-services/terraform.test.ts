import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { getFrom } from './get-from.ts'

// What Terraform's provider sends to tag a resource: `tags/action` with the base path of the service's client and the name of
// the type, then `tags` [TF: huaweicloud/utils/tags.go and its callers; CG: openstack/common/tags]. Its library takes 200 and
// 204 for a change, 200 and 202 for a list; it leaves out an empty value.

/** Base path, name of the type in the path, registered type, and the label of the service's host. */
const TYPES: readonly (readonly [base: string, segment: string, type: string, host?: string])[] = [
  ['/v1', 'baremetalservers', 'bms_server'],
  ['/v3', 'vault', 'vault'],
  ['/v1', 'cloudservers', 'ecs'],
  ['/v1.0', 'css-cluster', 'css-cluster'],
  ['/v3', 'dc-vgw', 'dc-vgw'],
  ['/v3', 'dc-vif', 'dc-vif'],
  ['/v2', 'kafka', 'kafka'],
  ['/v2', 'rabbitmq', 'rabbitmq'],
  ['/v2', 'rocketmq', 'rocketmq'],
  ['/v1.1', 'clusters', 'clusters'],
  ['/v2', 'sfs', 'sfs'],
  ['/v2.0', 'ipsec-site-connections', 'ipsec-site-connections'],
  ['/v1', 'csms', 'csms'],
  ['/v1.0', 'kms', 'kms'],
  ['/v2', 'stream', 'stream'],
  ['/v2', 'DNS-public_zone', 'DNS-public_zone'],
  ['/v2', 'DNS-private_zone', 'DNS_private_zone'],
  ['/v2', 'DNS-public_recordset', 'DNS-public_recordset'],
  ['/v2', 'DNS-private_recordset', 'DNS_private_recordset'],
  ['/v2', 'DNS-ptr_record', 'DNS_ptr_record'],
  ['/v2.1', 'DNS-ptr_record', 'DNS_ptr_record'],
  ['/v5', 'jobs/sync', 'drs-job'],
  ['/v5', 'jobs/migration', 'migration'],
  ['/v2.0', 'publicips', 'eip'],
  ['/v2.0', 'listeners', 'listeners'],
  ['/v2.0', 'loadbalancers', 'loadbalancers'],
  ['/v3', 'listeners', 'listeners'],
  ['/v3', 'loadbalancers', 'loadbalancers'],
  ['/v3', 'instance', 'instance'],
  ['/v3', 'route-table', 'route-table'],
  ['/v3', 'vpc-attachment', 'vpc-attachment'],
  ['/v2', 'cloudvolumes', 'disk'],
  ['/v2.0', 'nat_gateways', 'nat_gateways'],
  ['/v3', 'nat_gateways', 'nat_gateways'],
  ['/v3', 'private-nat-gateways', 'private-nat-gateways'],
  ['/v3', 'transit-ips', 'transit-ips'],
  ['/v3', 'transit-subnets', 'transit-subnets'],
  ['/v1', 'protected-instances', 'sdrs'],
  ['/v1', 'sfs-turbo', 'sfs-turbo'],
  ['/v2', 'smn_topic', 'smn_topic'],
  ['/v2.0', 'vpcs', 'vpc'],
  ['/v2.0', 'subnets', 'subnet'],
  ['/v2.0', 'security-groups', 'security-groups'],
  ['/v1', 'endpoint', 'endpoint'],
  ['/v1', 'endpoint_service', 'endpoint_service'],
  ['/v2', 'desktops', 'workspace-desktop'],
  ['/v3', 'instances', 'rds', 'rds'],
  ['/v3', 'instances', 'dds', 'dds'],
  ['/v3', 'instances', 'nosql', 'gaussdb-nosql'],
  ['/v3', 'instances', 'gaussdbv5', 'gaussdb-opengauss'],
]

/** Types whose tags the provider reads by `tags`, and changes by calls of their own. */
const READ_ONLY: typeof TYPES = [
  ['/v3', 'firewalls', 'firewalls'],
  ['/v3', 'dli_flink_job', 'dli_flink_job'],
  ['/v3', 'dli_package_resource', 'dli_package_resource'],
  ['/v2', 'instances', 'dcs'],
  ['/v2', 'instances', 'swr', 'swr-api'],
]

let service: TestService
beforeAll(async () => {
  service = await startTestService({ flags: { profile: 'lenient' } })
  const lines = [...TYPES, ...READ_ONLY].map(([base, segment, resource_type]) => ({
    ...{ resource_type, resource_id: idOf(base, segment, resource_type), resource_name: '' },
    tags: [{ key: 'first', value: '1' }],
  }))
  expect((await service.register(...lines)).body.created).toBe(lines.length)
})
afterAll(() => service.stop())

const idOf = (base: string, segment: string, type: string) => `${base}-${segment}-${type}`.replaceAll('/', '')

function clientOf([base, segment, type, host]: (typeof TYPES)[number]) {
  const path = `${base}/${service.project}/${segment}/${idOf(base, segment, type)}/tags`
  const at = host === undefined ? '127.0.0.1' : `${host}.eu-de.example`
  const headers = { 'x-language': 'en-us' }
  return {
    get: async () => {
      const { status, body } = await getFrom(service, at, path, { headers })
      expect([200, 202]).toContain(status)
      return Object.fromEntries(body.tags.map(({ key, value }: Record<string, string>) => [key, value]))
    },
    act: async (action: string, tags: readonly object[]) => {
      const { status } = await getFrom(service, at, `${path}/action`, { method: 'POST', body: { action, tags } })
      expect([200, 204]).toContain(status)
    },
  }
}

const named = (rows: typeof TYPES) => rows.map((row) => [row[0], row[1], row] as const)

describe('a resource of Terraform', () => {
  it.each(named(TYPES))('%s/{project_id}/%s is tagged, changed and read', async (_, __, row) => {
    const client = clientOf(row)
    await client.act('create', [{ key: 'env', value: 'prod' }, { key: 'empty' }])
    expect(await client.get()).toEqual({ first: '1', env: 'prod', empty: '' })
    // An update removes the old tags with their values, then sets the new ones.
    await client.act('delete', [{ key: 'env', value: 'prod' }, { key: 'empty' }])
    await client.act('create', [{ key: 'env', value: 'dev' }])
    expect(await client.get()).toEqual({ first: '1', env: 'dev' })
  })

  it.each(named(READ_ONLY))('%s/{project_id}/%s has its tags read', async (_, __, row) => {
    expect(await clientOf(row).get()).toEqual({ first: '1' })
  })
})
