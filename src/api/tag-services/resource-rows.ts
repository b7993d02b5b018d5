import { type TagServiceRow, withoutQuery } from './row.ts'

const ACTION = ['POST tags/action'] as const
const ACTION_AND_ONE = ['POST tags', 'DELETE tags/{key}', 'POST tags/action'] as const
const CREATE_AND_DELETE = ['POST tags/create', 'DELETE tags/delete'] as const
const BOTH_BY_POST = ['POST tags/create', 'POST tags/delete'] as const
const PROJECT_TAGS = '/v3/{project_id}/tags'

/** The services that change and list the tags of one resource, and whose resources cannot be queried by tag [NS, TF]. */
export const RESOURCE_ROWS: readonly TagServiceRow[] = [
  withoutQuery('bms', '/v1/{project_id}', { baremetalservers: 'bms_server' }, ACTION),
  withoutQuery('cbh', '/v2/{project_id}/cbs', { instance: 'cbh' }, ACTION),
  withoutQuery('cce', '/api/v3/projects/{project_id}', { clusters: 'cce-cluster' }, BOTH_BY_POST, {
    hidesTags: true,
    inUse: 'none',
  }),
  withoutQuery('cce', '/autopilot/v3/projects/{project_id}', { clusters: 'cce-cluster' }, BOTH_BY_POST, {
    hidesTags: true,
    inUse: 'none',
  }),
  withoutQuery('cce', '/cce/v1/{project_id}', { 'cce-cluster': 'cce-cluster' }, []),
  withoutQuery('ces', '/v2/{project_id}', { 'CES-alarm': 'CES-alarm' }, ACTION),
  withoutQuery('cfw', '/v2/{project_id}', { 'cfw-cfw': 'cfw-instance' }, CREATE_AND_DELETE, {
    inUse: 'paged',
    writeStatus: 200,
  }),
  withoutQuery('coc', '/v1', { resources: 'coc' }, ['POST tags of many'], { inUse: 'none' }),
  withoutQuery('css', '/v1.0/{project_id}', { 'css-cluster': 'css-cluster' }, ACTION_AND_ONE),
  withoutQuery('cts', '/v3/{project_id}', { 'cts-tracker': 'cts-tracker' }, CREATE_AND_DELETE, { writeStatus: 200 }),
  withoutQuery('dcs', '/v2/{project_id}', { dcs: 'dcs' }, ACTION),
  withoutQuery('dcs', '/v2/{project_id}', { instances: 'dcs' }, [], { inUse: 'none' }),
  withoutQuery('dds', '/v3/{project_id}', { instances: 'dds' }, ACTION, {
    inUsePath: PROJECT_TAGS,
    codePrefix: 'DBS',
    writeStatus: 200,
    hosts: ['dds'],
  }),
  withoutQuery('dis', '/v2/{project_id}', { stream: 'stream' }, ACTION_AND_ONE),
  withoutQuery('dns', '/v2.1/{project_id}', { 'DNS-ptr_record': 'DNS_ptr_record' }, ACTION_AND_ONE),
  withoutQuery(
    'drs',
    '/v5/{project_id}/jobs',
    {
      migration: 'migration',
      sync: 'drs-job',
      cloudDataGuard: 'cloudDataGuard',
      subscription: 'subscription',
      backupMigration: 'backupMigration',
      replay: 'replay',
      verify: 'verify',
    },
    ACTION,
    { isTypeParameter: true },
  ),
  withoutQuery(
    'dws',
    '/v1.0/{project_id}',
    { clusters: 'dws_clusters' },
    ['POST tags/batch-create', 'POST tags/batch-delete'],
    { inUsePath: '/v1.0/{project_id}/tags', writeStatus: 200 },
  ),
  withoutQuery('elb', '/v3/{project_id}', { loadbalancers: 'loadbalancers', listeners: 'listeners' }, ACTION),
  withoutQuery(
    'er',
    '/v3/{project_id}',
    {
      instance: 'instance',
      'route-table': 'route-table',
      'vpc-attachment': 'vpc-attachment',
      attachments: 'attachments',
    },
    ACTION_AND_ONE,
  ),
  withoutQuery(
    'gaussdbforopengauss',
    '/v3/{project_id}',
    { instances: 'gaussdbv5' },
    ['POST tags of many', 'DELETE tags by key', 'POST tags/action'],
    {
      inUsePath: PROJECT_TAGS,
      codePrefix: 'DBS',
      writeStatus: 200,
      hosts: ['gaussdb-opengauss', 'gaussdbforopengauss'],
    },
  ),
  withoutQuery(
    'hss',
    '/v5/{project_id}',
    { hss: 'hss' },
    ['POST tags/create', 'DELETE tags/delete', 'DELETE tags/{key}'],
    { writeStatus: 200 },
  ),
  withoutQuery(
    'identitycenter',
    '/v1/instances',
    { 'identitycenter:permissionset': 'identitycenter-permission-set' },
    BOTH_BY_POST,
    { isTypeParameter: true, inUse: 'none', writeStatus: 200 },
  ),
  withoutQuery('kafka', '/v2/{project_id}', { kafka: 'kafka' }, ACTION, { codePrefix: 'DMS' }),
  withoutQuery('rabbitmq', '/v2/{project_id}', { rabbitmq: 'rabbitmq' }, ACTION, { codePrefix: 'DMS' }),
  withoutQuery('rocketmq', '/v2/{project_id}', { rocketmq: 'rocketmq' }, ACTION, { codePrefix: 'DMS', inUse: 'paged' }),
  withoutQuery('kms', '/v1/{project_id}', { kms: 'kms' }, ACTION_AND_ONE),
  withoutQuery(
    'lts',
    '/v1/{project_id}',
    { topics: 'lts-stream', groups: 'lts-group', ltsAccessConfig: 'lts-access-config' },
    ACTION,
    { inUse: 'none' },
  ),
  withoutQuery('modelarts', '/v1/{project_id}', { pools: 'modelarts-pool' }, CREATE_AND_DELETE, { inUse: 'paged' }),
  withoutQuery('modelarts', '/v1/{project_id}', { notebooks: 'modelarts-notebook' }, CREATE_AND_DELETE),
  withoutQuery(
    'modelarts',
    '/v1/{project_id}/dev-servers',
    { hyperinstance: 'modelarts-hyperinstance' },
    BOTH_BY_POST,
    { inUse: 'none' },
  ),
  withoutQuery(
    'modelarts',
    '/v2/{project_id}',
    { 'modelarts-training-job': 'modelarts-training-job' },
    CREATE_AND_DELETE,
    { inUse: 'none' },
  ),
  withoutQuery('nat', '/v2.0/{project_id}', { nat_gateways: 'nat_gateways' }, ACTION_AND_ONE),
  withoutQuery('rds', '/v3/{project_id}', { instances: 'rds' }, ACTION, {
    inUsePath: PROJECT_TAGS,
    codePrefix: 'DBS',
    writeStatus: 200,
    hosts: ['rds'],
  }),
  withoutQuery('sdrs', '/v1/{project_id}', { 'protected-instances': 'sdrs' }, ACTION_AND_ONE),
  withoutQuery('sfs', '/v2/{project_id}', { sfs: 'sfs' }, ACTION_AND_ONE),
  withoutQuery('vpn', '/v2.0/{project_id}', { 'ipsec-site-connections': 'ipsec-site-connections' }, ACTION_AND_ONE),
  withoutQuery('workspaceapp', '/v1/{project_id}', { 'server-group': 'workspaceapp-server' }, CREATE_AND_DELETE, {
    codePrefix: 'WKS',
  }),
]
