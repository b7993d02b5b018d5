import { byFilter, type TagServiceRow } from './row.ts'

const ADD_AND_REMOVE = ['POST tags', 'DELETE tags/{key}'] as const
/** The calls of the newer services that take one tag too. */
const ALL_BY_POST = [...ADD_AND_REMOVE, 'POST tags/create', 'POST tags/delete'] as const

/** The services that are queried by `resource-instances/filter` and `count` [NS, TF; contract 12.1]. */
export const FILTER_ROWS: readonly TagServiceRow[] = [
  byFilter('apig', '/v2/{project_id}/apigw', { instances: 'apig' }, 'POST', 'wm', {
    queryBase: '/v2/{project_id}/apigw',
    inUsePath: '/v2/{project_id}/apigw/instance-tags',
    tagsSegment: 'instance-tags',
    writes: ['POST tags/action'],
  }),
  byFilter('cc', '/v3', { gcb: 'gcb' }, 'POST', 'anowm', { writes: ALL_BY_POST }),
  byFilter(
    'ccm',
    '/v1',
    {
      'private-certificates': 'private-certificates',
      'private-certificate-authorities': 'private-certificate-authorities',
    },
    'DELETE',
    'm',
    { limitIn: 'body', writes: ['POST tags', 'POST tags/create', 'DELETE tags/delete'] },
  ),
  byFilter(
    'config',
    '/v1/resource-manager',
    {
      'config:policyAssignments': 'config-rule',
      'config:aggregators': 'config-aggregator',
      'config:aggregationAuthorizations': 'config-aggregation-authorization',
    },
    'POST',
    'wm',
    { isTypeParameter: true, inUse: 'paged' },
  ),
  byFilter('dbss', '/v1/{project_id}', { auditInstance: 'auditInstance' }, 'DELETE', 'anowm'),
  byFilter('secmaster', '/v1/{project_id}', { 'secmaster-workspace': 'secmaster-workspace' }, 'DELETE', 'wm', {
    writes: ['POST tags/create', 'DELETE tags/delete', 'POST tags/delete'],
  }),
  byFilter(
    'dli',
    '/v3/{project_id}',
    {
      dli_queue: 'dli_queue',
      dli_database: 'dli_database',
      dli_enhanced_datasource: 'dli_enhanced_datasource',
      dli_package_resource: 'dli_package_resource',
      dli_flink_job: 'dli_flink_job',
      dli_elastic_resource_pool: 'dli_elastic_resource_pool',
    },
    'POST',
    'wm',
    { inUse: 'paged', isTypeParameter: true },
  ),
  byFilter(
    'drs',
    '/v5/{project_id}',
    {
      migration: 'migration',
      sync: 'drs-job',
      cloudDataGuard: 'cloudDataGuard',
      subscription: 'subscription',
      backupMigration: 'backupMigration',
      replay: 'replay',
      verify: 'verify',
    },
    'POST',
    'wm',
    { isTypeParameter: true },
  ),
  byFilter(
    'eip',
    '/v3',
    {
      'global-eip': 'global-eip',
      'global-eip-segment': 'global-eip-segment',
      'internet-bandwidth': 'internet-bandwidth',
    },
    'POST',
    'm',
    { writes: ALL_BY_POST, codePrefix: 'GEIP' },
  ),
  byFilter('functiongraph', '/v2/{project_id}', { functions: 'functions' }, 'DELETE', 'wm', {
    limitKind: 'text',
    limitIn: 'body',
    codePrefix: 'FSS',
  }),
  byFilter('ga', '/v1', { 'ga-accelerators': 'ga-accelerators', 'ga-listeners': 'ga-listeners' }, 'DELETE', 'm', {
    inUse: 'paged',
  }),
  byFilter('modelarts', '/v2/{project_id}', { 'modelarts-service-v2': 'modelarts-service-v2' }, 'DELETE', 'wm', {
    limitIn: 'both',
  }),
  byFilter(
    'organizations',
    '/v1/organizations',
    {
      'organizations:policies': 'organizations-policy',
      'organizations:ous': 'organizations-ou',
      'organizations:accounts': 'organizations-account',
      'organizations:roots': 'organizations-root',
    },
    'POST',
    'wm',
    { isTypeParameter: true, writeStatus: 200 },
  ),
  byFilter('ram', '/v1', { 'resource-shares': 'resource-shares' }, 'POST', 'wm', { writeStatus: 200 }),
  byFilter('swr', '/v2/{project_id}', { instances: 'swr' }, 'DELETE', 'm', { hosts: ['swr-api', 'swr'] }),
  byFilter(
    'vpc',
    '/v3/{project_id}',
    { ports: 'ports', firewalls: 'firewalls', 'clouddcn-subnets': 'clouddcn-subnets' },
    'POST',
    'm',
    { writes: ALL_BY_POST, inUse: 'paged' },
  ),
  byFilter(
    'vpn',
    '/v5/{project_id}',
    {
      'vpn-gateway': 'vpn-gateway',
      'vpn-connection': 'vpn-connection',
      'customer-gateway': 'customer-gateway',
      'p2c-vpn-gateways': 'p2c-vpn-gateway',
    },
    'POST',
    'wm',
    { limitKind: 'text' },
  ),
]
