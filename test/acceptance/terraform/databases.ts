import type { Provider } from './provider.ts'
import { type Attributes, decoded, type Resource, tagList, tagMap } from './resource.ts'

const NODE = {
  id: 'string',
  name: 'string',
  type: 'string',
  status: 'string',
  private_read_ips: ['string'],
  port: 'number',
  flavor_ref: 'string',
  region_code: 'string',
  az_code: 'string',
  volume: { size: 'number', type: 'string' },
} as const

const INSTANCE = {
  id: 'string',
  name: 'string',
  alias: 'string',
  status: 'string',
  type: 'string',
  port: 'string',
  node_count: 'number',
  vpc_id: 'string',
  subnet_id: 'string',
  security_group_id: 'string',
  configuration_id: 'string',
  az_mode: 'string',
  master_az_code: 'string',
  time_zone: 'string',
  project_id: 'string',
  db_user_name: 'string',
  public_ips: 'string',
  private_dns_names: ['string'],
  private_write_ips: ['string'],
  created: 'string',
  updated: 'string',
  maintenance_window: 'string',
  nodes: [NODE],
  datastore: { type: 'string', version: 'string' },
  backup_strategy: { start_time: 'string', keep_days: 'string' },
  enterprise_project_id: 'string',
  dedicated_resource_id: 'string',
} as const

/** The types of volumes as nodes have them, and as a configuration has them. */
const VOLUME_TYPES: Readonly<Record<string, string>> = { STANDARDPOOL: 'DL5', POOL: 'DL6' }

/** The reads of features in the order of the provider, with what they set. */
const FEATURES: readonly {
  readonly path: (id: string) => string
  readonly type: Parameters<typeof decoded>[1]
  // biome-ignore lint/suspicious/noExplicitAny: decoded by the type before
  readonly set: (body: any) => Attributes
}[] = [
  {
    path: (id) => `/instances/${id}/proxy`,
    type: { proxy: { address: 'string', port: 'number', node_num: 'number', flavor_ref: 'string' } },
    set: ({ proxy }) => ({ proxy_flavor: proxy.flavor_ref, proxy_node_num: proxy.node_num }),
  },
  {
    path: (id) => `/instance/${id}/audit-log/switch-status`,
    type: { switch_status: 'string' },
    set: (body) => ({ audit_log_enabled: body.switch_status === 'ON' }),
  },
  {
    path: (id) => `/instances/${id}/audit-log-policy`,
    type: { keep_days: 'number', audit_types: ['string'], all_audit_log_action: 'string' },
    set: (body) => ({ audit_log_keep_days: body.keep_days, audit_types: body.audit_types }),
  },
  {
    path: (id) => `/instances/${id}/sql-filter/switch`,
    type: { switch_status: 'string' },
    set: (body) => ({ sql_filter_enabled: body.switch_status === 'ON' }),
  },
  {
    path: (id) => `/instances/${id}/monitor-policy`,
    type: { monitor_switch: 'boolean', period: 'number' },
    set: (body) => ({
      seconds_level_monitoring_enabled: body.monitor_switch,
      seconds_level_monitoring_period: body.period,
    }),
  },
  {
    path: (id) => `/instances/${id}/auto-scaling/policy`,
    type: {
      id: 'string',
      status: 'string',
      scaling_strategy: { flavor_switch: 'string', read_only_switch: 'string' },
      monitor_cycle: 'number',
      max_flavor: 'string',
      reduce_enabled: 'boolean',
    },
    set: (body) => ({ auto_scaling: [body] }),
  },
  {
    path: (id) => `/instances/${id}/storage/auto-expand-policy`,
    type: {
      switch_option: 'boolean',
      limit_size: 'number',
      trigger_available_percent: 'number',
      step_percent: 'number',
    },
    set: (body) => ({ storage_auto_expand_policy: [body] }),
  },
  {
    path: (id) => `/instances/${id}/backups/encryption`,
    type: { encryption_status: 'string' },
    set: (body) => ({ encryption_status: body.encryption_status.toUpperCase() }),
  },
  {
    path: (id) => `/instances/${id}/database-version`,
    type: { upgrade_flag: 'boolean', datastore: { current_version: 'string', current_kernel_version: 'string' } },
    set: (body) => ({ upgrade_flag: body.upgrade_flag, current_version: body.datastore.current_version }),
  },
  {
    path: (id) => `/instances/${id}/slowlog/query`,
    type: { open_slow_log_switch: 'string' },
    set: (body) => ({ slow_log_show_original_switch: body.open_slow_log_switch === 'true' }),
  },
  {
    path: (id) => `/instances/${id}/multi-tenant`,
    type: { multi_tenant_switch: 'boolean' },
    set: (body) => ({ multi_tenant_switch: String(body.multi_tenant_switch) }),
  },
]

const DEFAULTS: Attributes = {
  mode: 'Cluster',
  read_replicas: 1,
  time_zone: 'UTC+08:00',
  availability_zone_mode: 'single',
  description: '',
  seconds_level_monitoring_period: 0,
  tags: {},
}

/** `huaweicloud_taurusdb_instance`. */
export function taurusdbInstance(provider: Provider): Resource {
  const base = () => `/v3/${provider.projectId}`
  const statusOf = async (id: string) => {
    const body = await provider.find('GET', `${base()}/instances/${id}`)
    return body === undefined ? 'DELETED' : decoded(body.instance, INSTANCE).status
  }
  const changeTags = (id: string, action: string, tags: unknown) =>
    provider.call('POST', `${base()}/instances/${id}/tags/action`, {
      body: { tags: tagList(tags), action },
      ok: [200, 204],
    })
  return {
    defaults: DEFAULTS,
    create: async (config) => {
      const { instance } = await provider.call('POST', `${base()}/instances`, {
        body: createBody({ ...DEFAULTS, ...config }),
        ok: [201, 202],
      })
      for (let i = 0; i < 2; i++) {
        await provider.waitFor(['BUILD', 'BACKING UP'], 'ACTIVE', () => statusOf(instance.id))
      }
      await changeTags(instance.id, 'create', config.tags)
      return instance.id
    },
    read: async (id) => {
      const body = await provider.find('GET', `${base()}/instances/${id}`)
      if (body === undefined) return undefined
      let state = instanceState(decoded(body.instance, INSTANCE))
      for (const { path, type, set } of FEATURES) {
        state = { ...state, ...set(decoded(await provider.call('GET', base() + path(id)), type)) }
      }
      const { tags } = await provider.call('GET', `${base()}/instances/${id}/tags`, { ok: [200, 202] })
      const parameters = await provider.call('GET', `${base()}/instances/${id}/configurations`)
      decoded(parameters, { parameter_values: [{ name: 'string', value: 'string' }], total_count: 'number' })
      return { ...state, tags: tagMap(tags) }
    },
    update: async (id, before, after) => {
      await changeTags(id, 'delete', before.tags)
      await changeTags(id, 'create', after.tags)
    },
    destroy: async (id) => {
      await provider.call('DELETE', `${base()}/instances/${id}`, { ok: [200, 202] })
      await provider.waitFor(['ACTIVE', 'BACKING UP', 'FAILED'], 'DELETED', () => statusOf(id))
    },
  }
}

/** The request of the provider. It sends tags by a call of their own. */
function createBody(config: Attributes): Attributes {
  const { name, flavor, vpc_id, subnet_id, security_group_id, password, time_zone, mode, read_replicas } = config
  return {
    name,
    region: 'default',
    mode,
    flavor_ref: flavor,
    vpc_id,
    subnet_id,
    security_group_id,
    password,
    time_zone,
    availability_zone_mode: config.availability_zone_mode,
    slave_count: read_replicas,
    datastore: { type: 'gaussdb-mysql', version: '8.0' },
    volume: { size: config.volume_size, type: config.volume_type },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: decoded before
function instanceState(instance: any): Attributes {
  const { nodes = [] } = instance
  const active = nodes.filter(({ type, status }: Record<string, string>) => type === 'slave' && status === 'ACTIVE')
  const volume = nodes[0]?.volume
  return {
    name: instance.name,
    mode: instance.type,
    vpc_id: instance.vpc_id,
    subnet_id: instance.subnet_id,
    security_group_id: instance.security_group_id,
    configuration_id: instance.configuration_id,
    time_zone: instance.time_zone,
    availability_zone_mode: instance.az_mode,
    description: instance.alias,
    datastore: [{ engine: instance.datastore.type, version: instance.datastore.version }],
    read_replicas: active.length,
    volume_size: volume?.size,
    volume_type: VOLUME_TYPES[volume?.type ?? ''],
    flavor: nodes[0]?.flavor_ref,
  }
}

/** `opentelekomcloud_gaussdb_mysql_instance_v3`. Its SDK derives the address from that of the volume service. */
export function otcInstance(provider: Provider): Resource {
  const base = provider.pathOf('volumev2').replace('v2', 'mysql/v3')
  const find = async (id: string) => {
    const body = await provider.find('GET', `${base}/instances/${id}`)
    return body === undefined
      ? undefined
      : decoded(body.instance, { ...INSTANCE, private_ips: ['string'], nodes: [NODE] })
  }
  const statusOf = async (id: string) => (await find(id))?.status ?? 'DELETED'
  return {
    defaults: { read_replicas: 1, time_zone: 'UTC+08:00', availability_zone_mode: 'single' },
    create: async (config) => {
      const { volume: _volume, ...body } = createBody({ ...DEFAULTS, ...config })
      const { instance } = await provider.call('POST', `${base}/instances`, { body })
      await provider.waitFor(['BUILD', 'BACKING UP'], 'ACTIVE', () => statusOf(instance.id))
      return instance.id
    },
    read: async (id) => {
      const instance = await find(id)
      // The provider takes the flavour from the first node and ends in a panic without one.
      if (instance !== undefined && instance.nodes[0] === undefined) throw new Error('the instance has no nodes')
      return instance === undefined ? undefined : instanceState(instance)
    },
    update: async () => undefined,
    destroy: async (id) => {
      await provider.call('DELETE', `${base}/instances/${id}`, { ok: [200, 202] })
      await provider.waitFor(['ACTIVE', 'BACKING UP', 'FAILED'], 'DELETED', () => statusOf(id))
    },
  }
}
