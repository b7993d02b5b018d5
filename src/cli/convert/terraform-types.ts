/**
 * The registered names of the types of both Terraform providers, without the name of the provider and the version at the
 * end. COMPAT: names from the lists of resources in huaweicloud/provider.go and opentelekomcloud/provider.go.
 */
const TYPES: Readonly<Record<string, string>> = {
  apig_instance: 'apig',
  as_group: 'scaling_group',
  blockstorage_volume: 'disk',
  bms_instance: 'bms_server',
  cbh_instance: 'cbh',
  cbr_vault: 'vault',
  cce_cluster: 'cce-cluster',
  cdn_domain: 'cdn',
  ces_alarmrule: 'alarm-rules',
  compute_bms_server: 'bms_server',
  compute_instance: 'ecs',
  csms_secret: 'csms',
  css_cluster: 'css-cluster',
  dcs_instance: 'dcs',
  dds_instance: 'dds',
  deh_host: 'dedicated-host-tags',
  deh_instance: 'dedicated-host-tags',
  dli_queue: 'dli_queue',
  dms_kafka_instance: 'kafka',
  dms_rabbitmq_instance: 'rabbitmq',
  dms_rocketmq_instance: 'rocketmq',
  dws_cluster: 'dws_clusters',
  ecs_instance: 'ecs',
  elb_listener: 'listeners',
  elb_loadbalancer: 'loadbalancers',
  er_instance: 'instance',
  evs_volume: 'disk',
  fgs_function: 'functions',
  gaussdb_cassandra_instance: 'nosql',
  gaussdb_influx_instance: 'nosql',
  gaussdb_mongo_instance: 'nosql',
  gaussdb_mysql_instance: 'instances',
  gaussdb_opengauss_instance: 'gaussdbv5',
  gaussdb_redis_instance: 'nosql',
  images_image: 'images',
  images_image_copy: 'images',
  ims_data_image: 'images',
  ims_image: 'images',
  kms_key: 'kms',
  lb_listener: 'listeners',
  lb_loadbalancer: 'loadbalancers',
  lts_group: 'lts-group',
  lts_stream: 'lts-stream',
  mrs_cluster: 'clusters',
  nat_gateway: 'nat_gateways',
  networking_floatingip: 'eip',
  networking_secgroup: 'security-groups',
  obs_bucket: 'bucket',
  rds_instance: 'rds',
  sfs_file_system: 'sfs',
  sfs_turbo: 'sfs-turbo',
  smn_topic: 'smn_topic',
  taurusdb_mysql_instance: 'instances',
  vpc: 'vpc',
  vpc_bandwidth: 'bandwidths',
  vpc_eip: 'eip',
  vpc_subnet: 'subnet',
  vpcep_endpoint: 'endpoint',
  vpcep_service: 'endpoint_service',
  vpn_connection: 'vpn-connection',
  vpn_customer_gateway: 'customer-gateway',
  vpn_gateway: 'vpn-gateway',
  waf_dedicated_instance: 'waf',
}

/** All registered names that Terraform types lead to, for tests. */
export const TERRAFORM_TARGETS: readonly string[] = [...new Set(Object.values(TYPES))]

/** Gives the registered name of a Terraform type; the same name for types of other providers, and unknown ones. */
export function typeOfTerraform(name: string, attributes: Readonly<Record<string, unknown>>): string {
  const base = /^(?:huaweicloud|opentelekomcloud)_(\w+?)(?:_v\d+)?$/.exec(name)?.[1]
  if (base === undefined) return name
  if (base === 'dns_zone') return zoneType(attributes) === 'private' ? 'DNS_private_zone' : 'DNS-public_zone'
  return TYPES[base] ?? name
}

/** COMPAT: `zone_type` in the provider huaweicloud, `type` in opentelekomcloud; both are public by default. */
function zoneType(attributes: Readonly<Record<string, unknown>>): unknown {
  return attributes.zone_type ?? attributes.type
}
