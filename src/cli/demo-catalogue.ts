import { IMAGES, INSTANCES } from '../core/resource-types.ts'

/** One line of the demo catalogue, in the format of an import. */
export type DemoLine = {
  readonly resource_type: typeof IMAGES | typeof INSTANCES
  readonly project: string
  readonly resource_id: string
  readonly resource_name: string
  readonly resource_detail: Readonly<Record<string, string | number | Readonly<Record<string, string>>>>
  readonly tags: readonly Tag[]
}

type Tag = { readonly key: string; readonly value: string }

const PROJECT = 'default'
const IMAGE_COUNT = 240
const INSTANCE_COUNT = 120
const SEED = 20_260_101

type System = {
  readonly os: string
  readonly slug: string
  readonly versions: readonly string[]
  readonly diskGb: number
}

const SYSTEMS: readonly System[] = [
  { os: 'Ubuntu', slug: 'ubuntu', versions: ['18.04', '20.04', '22.04'], diskGb: 10 },
  { os: 'Debian', slug: 'debian', versions: ['10', '11', '12'], diskGb: 10 },
  { os: 'Rocky_Linux', slug: 'rocky', versions: ['8.6', '8.7', '9.1'], diskGb: 20 },
  { os: 'AlmaLinux', slug: 'almalinux', versions: ['8.7', '9.1'], diskGb: 20 },
  { os: 'openEuler', slug: 'openeuler', versions: ['20.03-LTS', '22.03-LTS'], diskGb: 40 },
  { os: 'Huawei_Cloud_EulerOS', slug: 'hce', versions: ['2.0'], diskGb: 40 },
  { os: 'openSUSE_Leap', slug: 'opensuse', versions: ['15.3', '15.4'], diskGb: 20 },
  { os: 'Windows_Server', slug: 'windows', versions: ['2016', '2019', '2022'], diskGb: 60 },
]
const ROLES = ['base', 'base', 'web', 'worker', 'ci-runner', 'k8s-node', 'bastion', 'gpu', 'mail'] as const
const ARCHITECTURES = ['x86_64', 'x86_64', 'x86_64', 'aarch64'] as const
const TEAMS = ['platform', 'payments', 'storage', 'search', 'web', 'data', 'security'] as const
const DEPARTMENTS = ['研发部', '市场部', '财务部', '运维部'] as const
const PEOPLE = ['a.weber', 'j.novak', 'm.silva', '李娜', '王伟', 'k.olsen'] as const
const COST_CENTRES = ['CC-1010', 'CC-1020', 'CC-2040', 'CC-3300', '4711'] as const
// Weighted by repetition: most images are active.
const IMAGE_STATUSES = [
  'active',
  'active',
  'active',
  'active',
  'active',
  'active',
  'queued',
  'saving',
  'killed',
] as const
const INSTANCE_STATUSES = ['normal', 'normal', 'normal', 'normal', 'createfail', 'frozen', 'abnormal'] as const

/** Keys of one meaning in several spellings, weighted by repetition. */
const ENVIRONMENT_KEYS = ['env', 'env', 'env', 'env', 'environment', 'Env', '环境'] as const
const ENVIRONMENTS: Readonly<Record<string, readonly string[]>> = {
  prod: ['prod', 'prod', 'prod', 'production', 'Prod', 'PROD'],
  staging: ['staging', 'staging', 'stage'],
  test: ['test', 'test', 'testing', 'qa'],
  dev: ['dev', 'dev', 'dev', 'development', 'Dev'],
}
const ENVIRONMENT_VALUES_ZH: Readonly<Record<string, string>> = {
  prod: '生产',
  staging: '预发布',
  test: '测试',
  dev: '开发',
}
const ARCHITECTURE_KEYS = ['arch', 'arch', 'arch', 'architecture', 'Architecture'] as const
const COST_KEYS = ['cost-center', 'cost-center', 'cost_center', 'CostCenter', '成本中心'] as const

const ENGINES = [
  { engine: 'TaurusDB', versions: ['8.0', '8.0', '8.4'] },
  { engine: 'MySQL', versions: ['5.7.44', '8.0.40', '8.4.3'] },
  { engine: 'MariaDB', versions: ['10.11', '11.4'] },
] as const
const APPLICATIONS = [
  'orders',
  'invoices',
  'catalogue',
  'accounts',
  'search-log',
  'shipping',
  'wiki',
  'tickets',
  'newsletter',
  'metrics',
  'forum',
  'payroll',
] as const
const BUSINESSES = ['电商平台', '支付', '物流', '内部系统'] as const

/** A deterministic pseudorandom generator (mulberry32). */
class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** True with this probability. */
  is(share: number): boolean {
    return this.next() < share
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)] as T
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.between(0, 15).toString(16)).join('')
  }

  /** A date such as `2025-03-09`. */
  day(): string {
    const two = (number: number) => String(number).padStart(2, '0')
    return `${this.between(2023, 2025)}-${two(this.between(1, 12))}-${two(this.between(1, 28))}`
  }
}

/**
 * The resources of the demo: images and database instances in project `default`. Always the same, within the limits of the
 * service, and with the inconsistent tags of real data.
 */
export function demoCatalogue(): readonly DemoLine[] {
  const random = new Random(SEED)
  const images = Array.from({ length: IMAGE_COUNT }, () => demoImage(random))
  const instances = Array.from({ length: INSTANCE_COUNT }, () => demoInstance(random))
  return [...images, ...instances]
}

function demoImage(random: Random): DemoLine {
  const { os, slug, versions, diskGb } = random.pick(SYSTEMS)
  const version = random.pick(versions)
  const role = random.pick(ROLES)
  const arch = slug === 'windows' ? 'x86_64' : random.pick(ARCHITECTURES)
  const day = random.day()
  const status = random.pick(IMAGE_STATUSES)
  const tags: Tag[] = [
    { key: 'os', value: os },
    { key: 'os_version', value: version },
    { key: random.pick(ARCHITECTURE_KEYS), value: arch },
    environmentTag(random, random.pick(Object.keys(ENVIRONMENTS))),
    { key: 'role', value: role },
  ]
  const offer = (share: number, key: string, value: string) => {
    if (random.is(share)) tags.push({ key, value })
  }
  offer(0.8, 'team', random.pick(TEAMS))
  offer(0.5, random.pick(COST_KEYS), random.pick(COST_CENTRES))
  offer(0.6, 'release_date', day)
  offer(0.25, '部门', random.pick(DEPARTMENTS))
  offer(0.2, 'hardened', random.pick(['cis-1', 'cis-2', 'true', '']))
  // The limit is ten tags per image.
  if (tags.length < 9) offer(0.3, random.pick(['owner', 'Owner']), random.pick(PEOPLE))
  if (tags.length < 10) offer(0.15, 'deprecated', random.pick(['true', 'yes', 'soon']))
  return {
    resource_type: IMAGES,
    project: PROJECT,
    resource_id: uuid(random),
    resource_name: `${slug}-${version}-${role}-${arch}-${day.replaceAll('-', '')}`,
    resource_detail: {
      status,
      disk_format: random.pick(['qcow2', 'zvhd2', 'raw']),
      min_disk: diskGb,
      min_ram: random.pick([512, 1024, 2048]),
      created_at: `${day}T08:00:00Z`,
    },
    tags: random.is(0.07) ? [] : tags,
  }
}

function demoInstance(random: Random): DemoLine {
  const { engine, versions } = random.pick(ENGINES)
  const application = random.pick(APPLICATIONS)
  const environment = random.pick(Object.keys(ENVIRONMENTS))
  const vcpus = random.pick([2, 4, 8, 16, 32])
  const version = random.pick(versions)
  const tags: Tag[] = [
    { key: 'engine', value: engine },
    { key: 'engine_version', value: version },
    { key: 'application', value: application },
    environmentTag(random, environment),
    { key: 'team', value: random.pick(TEAMS) },
    { key: random.pick(COST_KEYS), value: random.pick(COST_CENTRES) },
  ]
  const offer = (share: number, key: string, value: string) => {
    if (random.is(share)) tags.push({ key, value })
  }
  offer(0.7, 'backup', random.pick(['daily', 'daily', 'weekly', 'none', '']))
  offer(0.5, 'backup_days', String(random.pick([7, 14, 30, 90])))
  offer(0.6, 'data-class', random.pick(['public', 'internal', 'confidential', 'personal']))
  offer(0.4, '业务', random.pick(BUSINESSES))
  offer(0.3, '负责人', random.pick(PEOPLE))
  offer(0.5, 'created_by', random.pick(['terraform', 'Terraform', 'console', 'ansible']))
  offer(0.4, 'maintenance', random.pick(['sun-0200', 'sat-2300', 'wed-0400']))
  offer(0.3, 'encrypted', random.pick(['true', 'false', 'True']))
  offer(0.25, 'sla', random.pick(['99.9', '99.95', '99.99']))
  offer(0.2, 'is-production', String(environment === 'prod'))
  offer(0.15, 'migrated-from', random.pick(['on-prem', 'aws', 'otc']))
  return {
    resource_type: INSTANCES,
    project: PROJECT,
    resource_id: `${random.hex(32)}in07`,
    resource_name: `${application}-${environment}-${engine.toLowerCase()}-${random.hex(4)}`,
    resource_detail: {
      status: random.pick(INSTANCE_STATUSES),
      datastore: { type: engine, version },
      vcpus,
      memory_gb: vcpus * 4,
      volume_gb: random.pick([40, 100, 500, 2000]),
    },
    tags: random.is(0.05) ? [] : tags,
  }
}

/** The tag of one environment in a random spelling. */
function environmentTag(random: Random, environment: string): Tag {
  const key = random.pick(ENVIRONMENT_KEYS)
  const value = key === '环境' ? ENVIRONMENT_VALUES_ZH[environment] : random.pick(ENVIRONMENTS[environment] ?? [])
  return { key, value: value ?? environment }
}

/** A pseudorandom text in the format of a UUID version 4. */
function uuid(random: Random): string {
  const parts = [random.hex(8), random.hex(4), `4${random.hex(3)}`, random.pick(['8', '9', 'a', 'b']) + random.hex(3)]
  return [...parts, random.hex(12)].join('-')
}
