/**
 * Names of resources in both Terraform providers by the registered name of their type, without the name of the provider and
 * the version at the end. COMPAT: the pages of docs/resources in huaweicloud/terraform-provider-huaweicloud (a0345b8) and
 * opentelekomcloud/terraform-provider-opentelekomcloud (88f1cf1) with the argument `tags`, and names of earlier versions.
 */
const NAMES: Readonly<Record<string, string>> = {
  images:
    'images_image images_image_copy ims_image ims_data_image ims_ecs_system_image ims_ecs_whole_image ims_cbr_whole_image ' +
    'ims_evs_system_image ims_evs_data_image ims_obs_system_image ims_obs_data_image ims_obs_iso_image ' +
    'ims_image_registration ims_quickimport_system_image ims_quickimport_data_image',
  instances: 'gaussdb_mysql_instance taurusdb_instance',
  ecs: 'compute_instance ecs_instance',
  disk: 'evs_volume evsv3_volume blockstorage_volume',
  bms_server: 'bms_instance compute_bms_server',
  'dedicated-host-tags': 'deh_host deh_instance',
  scaling_group: 'as_group',
  phone: 'cph_server',
  functions: 'fgs_function',
  vpc: 'vpc',
  subnet: 'vpc_subnet',
  'security-groups': 'networking_secgroup',
  ports: 'vpc_network_interface',
  firewalls: 'vpc_network_acl',
  eip: 'vpc_eip networking_floatingip',
  bandwidths: 'vpc_bandwidth',
  'global-eip': 'global_eip',
  'global-eip-segment': 'global_eip_segment',
  'internet-bandwidth': 'global_internet_bandwidth',
  loadbalancers: 'elb_loadbalancer elb_loadbalancer_copy lb_loadbalancer',
  listeners: 'elb_listener elb_listener_copy lb_listener',
  nat_gateways: 'nat_gateway natv3_gateway',
  'private-nat-gateways': 'nat_private_gateway',
  'transit-ips': 'nat_private_transit_ip',
  endpoint: 'vpcep_endpoint',
  endpoint_service: 'vpcep_service',
  'dc-vgw': 'dc_virtual_gateway',
  'dc-vif': 'dc_virtual_interface',
  instance: 'er_instance',
  'vpn-gateway': 'vpn_gateway',
  'customer-gateway': 'vpn_customer_gateway',
  'vpn-connection': 'vpn_connection',
  'ipsec-site-connections': 'vpnaas_site_connection',
  cc: 'cc_connection',
  'bandwidth-package': 'cc_bandwidth_package',
  'central-network': 'cc_central_network',
  gcb: 'cc_global_connection_bandwidth',
  'ga-accelerators': 'ga_accelerator',
  'ga-listeners': 'ga_listener',
  DNS_ptr_record: 'dns_ptrrecord dnsv21_ptrrecord',
  bucket: 'obs_bucket s3_bucket',
  sfs: 'sfs_file_system',
  'sfs-turbo': 'sfs_turbo',
  vault: 'cbr_vault',
  csbs_backup: 'csbs_backup',
  backup: 'vbs_backup',
  backup_policy: 'vbs_backup_policy',
  sdrs: 'sdrs_protected_instance',
  rds: 'rds_instance rds_read_replica_instance',
  dds: 'dds_instance',
  nosql:
    'geminidb_instance gaussdb_cassandra_instance gaussdb_redis_instance gaussdb_influx_instance gaussdb_mongo_instance',
  gaussdbv5: 'gaussdb_instance gaussdb_opengauss_instance',
  dcs: 'dcs_instance',
  kafka: 'dms_kafka_instance',
  rabbitmq: 'dms_rabbitmq_instance',
  rocketmq: 'dms_rocketmq_instance',
  'cce-cluster': 'cce_cluster cce_autopilot_cluster',
  'css-cluster': 'css_cluster css_logstash_cluster',
  dws_clusters: 'dws_cluster',
  clusters: 'mrs_cluster mapreduce_cluster',
  dli_queue: 'dli_queue',
  dli_database: 'dli_database',
  dli_basic_datasource: 'dli_datasource_connection',
  'modelarts-notebook': 'modelarts_notebook',
  'modelarts-service-v2': 'modelartsv2_service',
  kms: 'kms_key',
  csms: 'csms_secret',
  'private-certificates': 'ccm_private_certificate',
  'private-certificate-authorities': 'ccm_private_ca',
  waf: 'waf_dedicated_instance',
  auditInstance: 'dbss_instance',
  'cfw-instance': 'cfw_firewall',
  cbh: 'cbh_instance cbh_ha_instance',
  aad: 'aad_instance',
  apig: 'apig_instance',
  smn_topic: 'smn_topic',
  swr: 'swr_enterprise_instance',
  cdn: 'cdn_domain',
  'alarm-rules': 'ces_alarmrule',
  'cts-tracker': 'cts_tracker cts_data_tracker',
  'lts-group': 'lts_group',
  'lts-stream': 'lts_stream',
  iotda: 'iotda_device',
  'workspace-desktop': 'workspace_desktop',
  'config-rule': 'rms_policy_assignment',
  'organizations-account': 'organizations_account',
  'organizations-ou': 'organizations_organizational_unit',
  'organizations-policy': 'organizations_policy',
  'resource-shares': 'ram_resource_share',
  'iam-user': 'identityv5_user',
  'identitycenter-permission-set': 'identitycenter_permission_set',
}

const TYPE_OF = new Map(Object.entries(NAMES).flatMap(([type, names]) => names.split(' ').map((name) => [name, type])))

/** Types whose zone is public or private. */
const OF_ZONES: Readonly<Record<string, readonly [ofPublic: string, ofPrivate: string]>> = {
  dns_zone: ['DNS-public_zone', 'DNS_private_zone'],
  dns_recordset: ['DNS-public_recordset', 'DNS_private_recordset'],
}

/** All registered names that Terraform types lead to. */
export const TERRAFORM_TARGETS: readonly string[] = [...Object.keys(NAMES), ...Object.values(OF_ZONES).flat()]

/** Gives the registered name of a Terraform type; the same name for types of other providers, and unknown ones. */
export function typeOfTerraform(name: string, attributes: Readonly<Record<string, unknown>>): string {
  const base = /^(?:huaweicloud|opentelekomcloud)_(\w+?)(?:_v\d+)?$/.exec(name)?.[1]
  if (base === undefined) return name
  const ofZone = OF_ZONES[base]
  if (ofZone === undefined) return TYPE_OF.get(base) ?? name
  // COMPAT: `zone_type` in the provider huaweicloud. In opentelekomcloud the `type` of a zone is that, but the `type` of a
  // record set is that of its records.
  const zone = attributes.zone_type ?? attributes.type
  if (zone === 'public') return ofZone[0]
  return zone === 'private' ? ofZone[1] : name
}
