import { byAction, type TagServiceRow } from './row.ts'

const BOTH_SPELLINGS = ['resource_instances', 'resource-instances'] as const
const HYPHEN = ['resource-instances'] as const

/** The services that are queried by `resource_instances/action` [NS, TF; contract 12.1]. */
export const ACTION_ROWS: readonly TagServiceRow[] = [
  byAction('as', '/autoscaling-api/v1/{project_id}', { scaling_group_tag: 'scaling_group' }, 'text', 'anom'),
  byAction('cbr', '/v3/{project_id}', { vault: 'vault' }, 'text', 'anowm'),
  byAction(
    'cc',
    '/v3/{domain_id}/ccaas',
    {
      'cloud-connection': 'cc',
      'cloud-connections': 'cc',
      'bandwidth-package': 'bandwidth-package',
      'bandwidth-packages': 'bandwidth-package',
    },
    'number',
    'm',
    { segments: HYPHEN, isTypeParameter: true },
  ),
  byAction('cph', '/v1/{project_id}', { 'cph-server': 'phone' }, 'text', 'wm', { inUse: 'paged' }),
  byAction('csms', '/v1/{project_id}', { csms: 'csms' }, 'text', 'm'),
  byAction('kms', '/v1.0/{project_id}', { kms: 'kms' }, 'text', 'm'),
  byAction('scm', '/v3', { scm: 'scm' }, 'number', 'anowm'),
  byAction(
    'dc',
    '/v3/{project_id}',
    { 'dc-directconnect': 'dc-directconnect', 'dc-vgw': 'dc-vgw', 'dc-vif': 'dc-vif' },
    'text',
    'anom',
    { segments: HYPHEN },
  ),
  byAction('deh', '/v1.0/{project_id}', { 'dedicated-host-tags': 'dedicated-host-tags' }, 'number', 'anom'),
  byAction(
    'dns',
    '/v2/{project_id}',
    {
      'DNS-public_zone': 'DNS-public_zone',
      'DNS-private_zone': 'DNS_private_zone',
      'DNS-public_recordset': 'DNS-public_recordset',
      'DNS-private_recordset': 'DNS_private_recordset',
      'DNS-ptr_record': 'DNS_ptr_record',
    },
    'number',
    'anom',
    { isTypeParameter: true },
  ),
  byAction('smn', '/v2/{project_id}', { smn_topic: 'smn_topic', smn_sms: 'smn_sms' }, 'text', 'anowm', {
    hasExactNames: true,
  }),
  byAction('ecs', '/v1/{project_id}', { cloudservers: 'ecs' }, 'text', 'nm', { envelope: 'error-object' }),
  byAction('eip', '/v2.0/{project_id}', { publicips: 'eip' }, 'number', 'm', { codePrefix: 'VPC' }),
  byAction('elb', '/v2.0/{project_id}', { loadbalancers: 'loadbalancers', listeners: 'listeners' }, 'number', 'm'),
  byAction('evs', '/v2/{project_id}', { cloudvolumes: 'disk' }, 'number', 'm', {
    inUse: 'map',
    envelope: 'error-object',
  }),
  byAction('gaussdbfornosql', '/v3/{project_id}', { instances: 'nosql' }, 'text', 'm', {
    segments: BOTH_SPELLINGS,
    writes: ['POST tags/action'],
    inUse: 'paged',
    inUsePath: '/v3/{project_id}/tags',
    codePrefix: 'DBS',
    writeStatus: 200,
    hosts: ['gaussdb-nosql', 'gaussdbfornosql'],
  }),
  byAction('mrs', '/v1.1/{project_id}', { clusters: 'clusters' }, 'number', 'anom'),
  byAction(
    'nat',
    '/v3/{project_id}',
    {
      nat_gateways: 'nat_gateways',
      'private-nat-gateways': 'private-nat-gateways',
      'transit-ips': 'transit-ips',
      'transit-subnets': 'transit-subnets',
    },
    'text',
    'anom',
  ),
  byAction('sfsturbo', '/v1/{project_id}', { 'sfs-turbo': 'sfs-turbo' }, 'text', 'wm', { inUse: 'paged' }),
  byAction(
    'vpc',
    '/v2.0/{project_id}',
    { vpcs: 'vpc', subnets: 'subnet', 'security-groups': 'security-groups' },
    'number',
    'm',
  ),
  byAction(
    'vpcep',
    '/v1/{project_id}',
    { endpoint: 'endpoint', endpoint_service: 'endpoint_service' },
    'text',
    'anowm',
  ),
  byAction('waf', '/v1/{project_id}/waf', { waf: 'waf', 'waf-instance': 'waf' }, 'number', 'anowm', {
    segments: HYPHEN,
    isTypeParameter: true,
  }),
  byAction('workspace', '/v2/{project_id}', { desktops: 'workspace-desktop' }, 'text', 'anowm', {
    segments: BOTH_SPELLINGS,
    inUse: 'paged',
  }),
]
