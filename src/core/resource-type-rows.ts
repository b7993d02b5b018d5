/** Which texts and how many tags a type takes: the older shape of the tag calls, or the newer one (contract 11). */
export type TagShape = 'short' | 'long'

/** One taggable type. */
export type ResourceTypeRow = {
  /** The name in the store, in answers and in exports. */
  readonly name: string
  /** The other names in requests: those of other sites, of Config, of the service's paths, and of people. */
  readonly aliases?: readonly string[]
  /** The service, by the name of its endpoint. */
  readonly service: string
  /** The name that TMS gives the type in its list of services. Default: `name`. */
  readonly tmsName?: string
  /** Display names. */
  readonly en: string
  readonly zh: string
  /** True: resources belong to the domain rather than to a region. */
  readonly isGlobal?: boolean
  readonly shape: TagShape
  /** Tags per resource, where it differs from the shape's. */
  readonly tagsMax?: number
  /** Length of keys, where it differs from the shape's. */
  readonly keyCharactersMax?: number
  /** Length of values, where it differs from the shape's. */
  readonly valueCharactersMax?: number
  /** True: an API other than the tag calls shows the resources, and writes ids and tags as texts in paths and lists. */
  readonly hasOwnApi?: boolean
}

/** Display names of a service. */
export type ServiceRow = { readonly en: string; readonly zh: string }

type More = Pick<ResourceTypeRow, 'tmsName' | 'tagsMax' | 'valueCharactersMax' | 'isGlobal' | 'hasOwnApi'>

/** `names`: the name and its aliases, separated by blanks. */
function short(service: string, names: string, en: string, zh: string, more: More = {}): ResourceTypeRow {
  const [name = '', ...aliases] = names.split(' ')
  return { name, aliases, service, en, zh, shape: 'short', ...more }
}

function long(service: string, names: string, en: string, zh: string, more: More = {}): ResourceTypeRow {
  return { ...short(service, names, en, zh, more), shape: 'long' }
}

const GLOBAL: More = { isGlobal: true }
/** Contract 3.2 and 11. */
const TWENTY_TAGS: More = { tagsMax: 20 }

/**
 * The taggable types of TMS and Config. Names are those of TMS; where sites spell one type differently, the other
 * spelling is an alias. COMPAT: the names come from the vendors' samples, SDKs and Terraform providers, because the whole
 * list is answered by the clouds alone (contract 11).
 */
export const RESOURCE_TYPE_ROWS: readonly ResourceTypeRow[] = [
  // COMPAT: `images` in queries of TMS, `private_image` in its list of services (contract D16); ten tags by S4.
  short('ims', 'images private_image ims ims.images', 'Private image', '私有镜像', {
    tagsMax: 10,
    tmsName: 'private_image',
    hasOwnApi: true,
  }),
  // COMPAT: `gaussdb` in OTC's list.
  short('gaussdb', 'instances gaussdb taurusdb gaussdb-mysql gaussdb.instance', 'DB instance', '数据库实例', {
    tagsMax: 20,
    tmsName: 'gaussdb',
    hasOwnApi: true,
  }),
  short('ecs', 'ecs cloudservers ecs.cloudservers', 'Cloud server', '云服务器'),
  short('evs', 'disk cloudvolumes evs volumes evs.volumes', 'Disk', '云硬盘'),
  short('bms', 'bms_server baremetalservers bms bms.servers', 'Bare metal server', '裸金属服务器'),
  short('deh', 'dedicated-host-tags deh dedicated-hosts deh.dedicatedHosts', 'Dedicated host', '专属主机'),
  short('as', 'scaling_group scaling_group_tag as as.scalingGroups', 'AS group', '伸缩组'),
  short('cph', 'phone cph-server cph', 'Cloud phone server', '云手机服务器'),
  short('functiongraph', 'functions functiongraph fgs fgs.functions', 'Function', '函数'),
  short('vpc', 'vpc vpcs vpc.vpcs', 'Virtual private cloud', '虚拟私有云'),
  short('vpc', 'subnet subnets vpc.subnets', 'Subnet', '子网'),
  short('vpc', 'security-groups security-group security_groups vpc.securityGroups', 'Security group', '安全组'),
  long('vpc', 'ports port', 'Port', '端口'),
  long('vpc', 'firewalls network-acl vpc.networkAcls', 'Network ACL', '网络ACL'),
  long('vpc', 'clouddcn-subnets', 'CloudDCN subnet', 'CloudDCN子网'),
  short('eip', 'eip publicips vpc.publicips', 'Elastic IP', '弹性公网IP'),
  short('eip', 'bandwidths shared_bandwidth vpc.bandwidths', 'Shared bandwidth', '共享带宽'),
  long('geip', 'global-eip geip global-eips', 'Global EIP', '全域弹性公网IP', GLOBAL),
  long('geip', 'global-eip-segment global-eip-segments', 'Global EIP segment', '全域弹性公网IP段', GLOBAL),
  long('geip', 'internet-bandwidth internet-bandwidths', 'Global internet bandwidth', '全域公网带宽', GLOBAL),
  short('elb', 'loadbalancers loadbalancer elb elb.loadbalancers', 'Load balancer', '负载均衡器'),
  short('elb', 'listeners listener elb.listeners', 'Listener', '监听器'),
  short('nat', 'nat_gateways nat nat.natGateways', 'Public NAT gateway', '公网NAT网关'),
  short('nat', 'private-nat-gateways private_nat nat.privateNatGateways', 'Private NAT gateway', '私网NAT网关'),
  short('nat', 'transit-ips', 'Transit IP address', '中转IP'),
  short('nat', 'transit-subnets', 'Transit subnet', '中转子网'),
  short('vpcep', 'endpoint endpoints vpcep vpcep.endpoints', 'VPC endpoint', '终端节点'),
  short('vpcep', 'endpoint_service endpoint_services vpcep.endpointServices', 'VPC endpoint service', '终端节点服务'),
  short('dc', 'dc-directconnect direct-connects dcaas.directConnect', 'Connection', '物理连接'),
  short('dc', 'dc-vgw virtual-gateways dcaas.vgw', 'Virtual gateway', '虚拟网关'),
  short('dc', 'dc-vif virtual-interfaces dcaas.vif', 'Virtual interface', '虚拟接口'),
  long('er', 'instance er-instance er er.instances', 'Enterprise router', '企业路由器'),
  long('er', 'vpc-attachment er-vpc-attachment', 'VPC attachment', 'VPC连接'),
  long('er', 'attachments er-attachment', 'Attachment', '连接'),
  long('er', 'route-table er-route-table', 'Route table', '路由表'),
  long('vpn', 'vpn-gateway vpn vpnGateways vpnaas.vpnGateways', 'VPN gateway', 'VPN网关'),
  long('vpn', 'customer-gateway vpn-customer-gateway vpnaas.customerGateways', 'Customer gateway', '对端网关'),
  long('vpn', 'vpn-connection vpnConnections vpnaas.vpnConnections', 'VPN connection', 'VPN连接'),
  long('vpn', 'p2c-vpn-gateway', 'P2C VPN gateway', '终端入云VPN网关'),
  short('vpn', 'ipsec-site-connections', 'Classic VPN connection', '经典版VPN连接'),
  long('cc', 'cc cloud-connection cloud-connections cc.cloudConnections', 'Cloud connection', '云连接', GLOBAL),
  long('cc', 'bandwidth-package bandwidth-packages cc.bandwidthPackages', 'Bandwidth package', '带宽包', GLOBAL),
  long('cc', 'central-network central-networks cc.centralNetworks', 'Central network', '中心网络', GLOBAL),
  long(
    'cc',
    'gcb global-connection-bandwidth cc.globalConnectionBandwidths',
    'Global connection bandwidth',
    '全域互联带宽',
    GLOBAL,
  ),
  long('ga', 'ga-accelerators accelerators ga ga.accelerators', 'Accelerator', '全球加速实例', GLOBAL),
  long('ga', 'ga-listeners ga.listeners', 'Accelerator listener', '全球加速监听器', GLOBAL),
  short('dns', 'DNS-public_zone public_zone DNS_public_zone dns.publiczone', 'Public zone', '公网域名'),
  short('dns', 'DNS_private_zone private_zone dns.privatezone', 'Private zone', '内网域名'),
  short(
    'dns',
    'DNS-public_recordset public_recordset dns.publicrecordset',
    'Record set of a public zone',
    '公网域名记录集',
  ),
  short(
    'dns',
    'DNS_private_recordset private_recordset dns.privaterecordset',
    'Record set of a private zone',
    '内网域名记录集',
  ),
  short('dns', 'DNS_ptr_record ptr_record dns.ptrrecord', 'PTR record', '反向解析'),
  long('obs', 'bucket obs buckets obs.buckets', 'Bucket', '桶'),
  short('sfs', 'sfs', 'File system', '弹性文件系统'),
  short('sfsturbo', 'sfs-turbo sfsturbo sfs_turbo sfsturbo.shares', 'SFS Turbo file system', 'SFS Turbo文件系统'),
  short('cbr', 'vault vaults cbr cbr.vault', 'Vault', '存储库'),
  short('csbs', 'csbs_backup', 'Cloud server backup', '云服务器备份'),
  short('csbs', 'csbs_backup_policy', 'Cloud server backup policy', '云服务器备份策略'),
  short('vbs', 'backup vbs_backup', 'Volume backup', '云硬盘备份'),
  short('vbs', 'backup_policy vbs_backup_policy', 'Volume backup policy', '云硬盘备份策略'),
  short('sdrs', 'sdrs protected-instances', 'Protected instance', '保护实例'),
  short('rds', 'rds rds.instances', 'RDS instance', 'RDS实例', TWENTY_TAGS),
  short('dds', 'dds dds.instances', 'DDS instance', '文档数据库实例', TWENTY_TAGS),
  short(
    'gaussdbfornosql',
    'nosql gaussdbfornosql geminidb nosql.instances',
    'GeminiDB instance',
    'GeminiDB实例',
    TWENTY_TAGS,
  ),
  short(
    'gaussdbforopengauss',
    'gaussdbv5 opengauss gaussdbforopengauss gaussdb.opengaussInstance',
    'GaussDB instance',
    'GaussDB实例',
    TWENTY_TAGS,
  ),
  long('drs', 'drs-job sync', 'Synchronization task', '同步任务'),
  long('drs', 'migration', 'Migration task', '迁移任务'),
  long('drs', 'cloudDataGuard', 'Disaster recovery task', '灾备任务'),
  long('drs', 'subscription', 'Subscription task', '订阅任务'),
  long('drs', 'backupMigration', 'Backup migration task', '备份迁移任务'),
  long('drs', 'replay drs-replay', 'Workload replay task', '录制回放任务'),
  long('drs', 'verify drs-verify', 'Comparison task', '对比任务'),
  short('dcs', 'dcs redis dcs.redis', 'DCS instance', '缓存实例'),
  short('kafka', 'kafka dms.kafkas', 'Kafka instance', 'Kafka实例'),
  short('rabbitmq', 'rabbitmq dms.rabbitmqs', 'RabbitMQ instance', 'RabbitMQ实例'),
  short('rocketmq', 'rocketmq dms.reliabilitys', 'RocketMQ instance', 'RocketMQ实例'),
  short('cce', 'cce-cluster cce cce.clusters', 'CCE cluster', 'CCE集群'),
  short('css', 'css-cluster css css.clusters', 'CSS cluster', 'CSS集群'),
  short('dws', 'dws_clusters dws dws.clusters', 'DWS cluster', 'DWS集群'),
  short('mrs', 'clusters mrs mrs.mrs', 'MRS cluster', 'MRS集群'),
  long('dli', 'dli_queue dli.queue', 'DLI queue', 'DLI队列'),
  long('dli', 'dli_database', 'DLI database', 'DLI数据库'),
  long('dli', 'dli_basic_datasource', 'DLI datasource connection', 'DLI跨源连接'),
  long('dli', 'dli_enhanced_datasource', 'DLI enhanced datasource connection', 'DLI增强型跨源连接'),
  long('dli', 'dli_package_resource', 'DLI package', 'DLI资源包'),
  long('dli', 'dli_flink_job', 'DLI Flink job', 'DLI Flink作业'),
  long('dli', 'dli_elastic_resource_pool', 'DLI elastic resource pool', 'DLI弹性资源池'),
  long('modelarts', 'modelarts-notebook modelarts.notebook', 'Notebook', 'Notebook实例'),
  long('modelarts', 'modelarts-service-v2 modelarts-service modelarts.services', 'Inference service', '在线服务'),
  long('modelarts', 'modelarts-pool', 'Resource pool', '资源池'),
  long('modelarts', 'modelarts-training-job', 'Training job', '训练作业'),
  long('modelarts', 'modelarts-hyperinstance', 'Supernode', '超节点'),
  short('kms', 'kms kms.keys', 'Key', '密钥'),
  short('csms', 'csms csms.secrets', 'Secret', '凭据'),
  short('scm', 'scm scm.certificates', 'SSL certificate', 'SSL证书', GLOBAL),
  long('ccm', 'private-certificates pca.cert', 'Private certificate', '私有证书', GLOBAL),
  long('ccm', 'private-certificate-authorities pca.ca', 'Private CA', '私有CA', GLOBAL),
  long('waf', 'waf waf-instance waf.instance', 'WAF instance', 'WAF实例'),
  long('hss', 'hss hss.hosts', 'Protected server', '受保护服务器', { valueCharactersMax: 128 }),
  long('dbss', 'auditInstance dbss dbss.auditInstance', 'Audit instance', '数据库审计实例'),
  long('secmaster', 'secmaster-workspace secmaster.workspaces', 'Workspace', '安全云脑空间'),
  long('cfw', 'cfw-instance cfw cfw.cfw_instance', 'Firewall', '云防火墙'),
  long('cbh', 'cbh bastionhost cbh.instance', 'Bastion host', '云堡垒机'),
  long('aad', 'aad aad-instance', 'Anti-DDoS instance', 'DDoS高防实例', GLOBAL),
  short('antiddos', 'antiddos-ip', 'Protected IP address', '防护IP'),
  long('apig', 'apig apigw-instance apig-instance apig.instances', 'Gateway', 'API网关实例'),
  short('smn', 'smn_topic smn smn.topic', 'Topic', '主题'),
  short('smn', 'smn_sms', 'SMS template', '短信模板'),
  long('swr', 'swr swr-instance swr.instances', 'Image repository', '镜像仓库'),
  long('dis', 'stream dis-stream dis', 'Stream', '通道'),
  short('cdn', 'cdn cdn.domains', 'Domain name', '加速域名', GLOBAL),
  short('ces', 'CES-alarm ces-alarm ces', 'Alarm rule (old name)', '告警规则'),
  short('ces', 'alarm-rules ces.alarms', 'Alarm rule', '告警规则'),
  short('cts', 'cts-tracker cts cts.trackers', 'Tracker', '追踪器'),
  long('lts', 'lts-stream lts.topics', 'Log stream', '日志流'),
  long('lts', 'lts-group lts.groups', 'Log group', '日志组'),
  long('lts', 'lts-transfer lts.transfers', 'Log transfer', '日志转储'),
  long('lts', 'lts-access-config ltsAccessConfig', 'Log ingestion', '日志接入'),
  long('iotda', 'iotda iotda-device', 'IoT device', '设备'),
  short('workspace', 'workspace-desktop workspace workspace.desktops', 'Desktop', '云桌面'),
  long('workspaceapp', 'workspaceapp-server appserver', 'Application server', '云应用服务器'),
  long('config', 'config-rule policyAssignments config.policyAssignments', 'Config rule', '合规规则', GLOBAL),
  long('config', 'config-aggregator config.aggregators', 'Resource aggregator', '资源聚合器', GLOBAL),
  long(
    'config',
    'config-aggregation-authorization config.aggregationAuthorizations',
    'Aggregation authorization',
    '聚合授权',
    GLOBAL,
  ),
  long('organizations', 'organizations-account organizations.accounts', 'Member account', '成员账号', GLOBAL),
  long(
    'organizations',
    'organizations-ou organizational-units organizations.organizationalUnits',
    'Organizational unit',
    '组织单元',
    GLOBAL,
  ),
  long(
    'organizations',
    'organizations-policy organizations-policies organizations.policies',
    'Organization policy',
    '组织策略',
    GLOBAL,
  ),
  long('organizations', 'organizations-root organizations.roots', 'Root', '根', GLOBAL),
  long('ram', 'resource-shares resource-share ram ram.resourceShares', 'Resource share', '资源共享实例', GLOBAL),
  long('iam', 'iam-user iam.users', 'IAM user', 'IAM用户', GLOBAL),
  long('iam', 'iam-oidc-provider', 'OIDC identity provider', 'OIDC身份提供商', GLOBAL),
  long('iam', 'iam-saml-provider', 'SAML identity provider', 'SAML身份提供商', GLOBAL),
  long('iam', 'iam-agency trust-agencies iam.agencies', 'Agency', '委托', GLOBAL),
  long(
    'identitycenter',
    'identitycenter-permission-set permission-sets identitycenter.permissionSets',
    'Permission set',
    '权限集',
    GLOBAL,
  ),
  long('coc', 'coc coc-instance', 'Application of COC', '云运维应用', GLOBAL),
]

/** The services of these types, by the names of their endpoints. */
export const SERVICE_ROWS: Readonly<Record<string, ServiceRow>> = {
  ims: { en: 'Image Management Service', zh: '镜像服务' },
  gaussdb: { en: 'TaurusDB', zh: '云数据库 TaurusDB' },
  ecs: { en: 'Elastic Cloud Server', zh: '弹性云服务器' },
  evs: { en: 'Elastic Volume Service', zh: '云硬盘' },
  bms: { en: 'Bare Metal Server', zh: '裸金属服务器' },
  deh: { en: 'Dedicated Host', zh: '专属主机' },
  as: { en: 'Auto Scaling', zh: '弹性伸缩' },
  cph: { en: 'Cloud Phone Host', zh: '云手机服务器' },
  functiongraph: { en: 'FunctionGraph', zh: '函数工作流' },
  vpc: { en: 'Virtual Private Cloud', zh: '虚拟私有云' },
  eip: { en: 'Elastic IP', zh: '弹性公网IP' },
  geip: { en: 'Global EIP', zh: '全域弹性公网IP' },
  elb: { en: 'Elastic Load Balance', zh: '弹性负载均衡' },
  nat: { en: 'NAT Gateway', zh: 'NAT网关' },
  vpcep: { en: 'VPC Endpoint', zh: 'VPC终端节点' },
  dc: { en: 'Direct Connect', zh: '云专线' },
  er: { en: 'Enterprise Router', zh: '企业路由器' },
  vpn: { en: 'Virtual Private Network', zh: '虚拟专用网络' },
  cc: { en: 'Cloud Connect', zh: '云连接' },
  ga: { en: 'Global Accelerator', zh: '全球加速' },
  dns: { en: 'Domain Name Service', zh: '云解析服务' },
  obs: { en: 'Object Storage Service', zh: '对象存储服务' },
  sfs: { en: 'Scalable File Service', zh: '弹性文件服务' },
  sfsturbo: { en: 'SFS Turbo', zh: '高性能弹性文件服务' },
  cbr: { en: 'Cloud Backup and Recovery', zh: '云备份' },
  csbs: { en: 'Cloud Server Backup Service', zh: '云服务器备份' },
  vbs: { en: 'Volume Backup Service', zh: '云硬盘备份' },
  sdrs: { en: 'Storage Disaster Recovery Service', zh: '存储容灾服务' },
  rds: { en: 'Relational Database Service', zh: '云数据库 RDS' },
  dds: { en: 'Document Database Service', zh: '文档数据库服务' },
  gaussdbfornosql: { en: 'GeminiDB', zh: '云数据库 GeminiDB' },
  gaussdbforopengauss: { en: 'GaussDB', zh: '云数据库 GaussDB' },
  drs: { en: 'Data Replication Service', zh: '数据复制服务' },
  dcs: { en: 'Distributed Cache Service', zh: '分布式缓存服务' },
  kafka: { en: 'Distributed Message Service for Kafka', zh: '分布式消息服务Kafka版' },
  rabbitmq: { en: 'Distributed Message Service for RabbitMQ', zh: '分布式消息服务RabbitMQ版' },
  rocketmq: { en: 'Distributed Message Service for RocketMQ', zh: '分布式消息服务RocketMQ版' },
  cce: { en: 'Cloud Container Engine', zh: '云容器引擎' },
  css: { en: 'Cloud Search Service', zh: '云搜索服务' },
  dws: { en: 'Data Warehouse Service', zh: '数据仓库服务' },
  mrs: { en: 'MapReduce Service', zh: 'MapReduce服务' },
  dli: { en: 'Data Lake Insight', zh: '数据湖探索' },
  modelarts: { en: 'ModelArts', zh: 'AI开发平台ModelArts' },
  kms: { en: 'Key Management Service', zh: '密钥管理服务' },
  csms: { en: 'Cloud Secret Management Service', zh: '凭据管理服务' },
  scm: { en: 'SSL Certificate Manager', zh: 'SSL证书管理' },
  ccm: { en: 'Cloud Certificate Manager', zh: '云证书管理服务' },
  waf: { en: 'Web Application Firewall', zh: 'Web应用防火墙' },
  hss: { en: 'Host Security Service', zh: '企业主机安全' },
  dbss: { en: 'Database Security Service', zh: '数据库安全服务' },
  secmaster: { en: 'SecMaster', zh: '安全云脑' },
  dis: { en: 'Data Ingestion Service', zh: '数据接入服务' },
  cfw: { en: 'Cloud Firewall', zh: '云防火墙' },
  cbh: { en: 'Cloud Bastion Host', zh: '云堡垒机' },
  aad: { en: 'Advanced Anti-DDoS', zh: 'DDoS高防' },
  antiddos: { en: 'Anti-DDoS', zh: 'DDoS原生基础防护' },
  apig: { en: 'API Gateway', zh: 'API网关' },
  smn: { en: 'Simple Message Notification', zh: '消息通知服务' },
  swr: { en: 'SoftWare Repository for Container', zh: '容器镜像服务' },
  cdn: { en: 'Content Delivery Network', zh: '内容分发网络' },
  ces: { en: 'Cloud Eye', zh: '云监控服务' },
  cts: { en: 'Cloud Trace Service', zh: '云审计服务' },
  lts: { en: 'Log Tank Service', zh: '云日志服务' },
  iotda: { en: 'IoT Device Access', zh: '设备接入' },
  workspace: { en: 'Workspace', zh: '云桌面' },
  workspaceapp: { en: 'Workspace Application Streaming', zh: '云应用' },
  config: { en: 'Config', zh: '配置审计' },
  organizations: { en: 'Organizations', zh: '组织' },
  ram: { en: 'Resource Access Manager', zh: '资源访问管理' },
  iam: { en: 'Identity and Access Management', zh: '统一身份认证服务' },
  identitycenter: { en: 'IAM Identity Center', zh: 'IAM身份中心' },
  coc: { en: 'Cloud Operations Center', zh: '云运维中心' },
}
