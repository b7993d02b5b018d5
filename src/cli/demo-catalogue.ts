/** One line of the demo catalogue, in the form that an import takes. */
export type DemoLine = {
  readonly resource_type: 'images' | 'instances'
  readonly project: string
  readonly resource_id: string
  readonly resource_name: string
  readonly resource_detail: Readonly<Record<string, string | number | Readonly<Record<string, string>>>>
  readonly tags: readonly Tag[]
}

type Tag = { readonly key: string; readonly value: string }

const PROJECT = 'default'
const IMAGES = 240
const INSTANCES = 120
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
// Mostly active, with the other states that a real list contains.
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

/** Spellings of one key, as different teams write it; the usual one is the most frequent. */
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

/** A seeded random generator (mulberry32). */
class Chance {
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

  is(share: number): boolean {
    return this.next() < share
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)] as T
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.between(0, 15).toString(16)).join('')
  }

  /** Some day, as `2025-03-09`. */
  day(): string {
    const two = (number: number) => String(number).padStart(2, '0')
    return `${this.between(2023, 2025)}-${two(this.between(1, 12))}-${two(this.between(1, 28))}`
  }
}

/**
 * Generates the resources of the demo: images and database instances in project `default`, deterministic, within the
 * limits of the service, and as untidy as real ones.
 */
export function demoCatalogue(): readonly DemoLine[] {
  const chance = new Chance(SEED)
  const images = Array.from({ length: IMAGES }, () => demoImage(chance))
  const instances = Array.from({ length: INSTANCES }, () => demoInstance(chance))
  return [...images, ...instances]
}

function demoImage(chance: Chance): DemoLine {
  const { os, slug, versions, diskGb } = chance.pick(SYSTEMS)
  const version = chance.pick(versions)
  const role = chance.pick(ROLES)
  const arch = slug === 'windows' ? 'x86_64' : chance.pick(ARCHITECTURES)
  const day = chance.day()
  const status = chance.pick(IMAGE_STATUSES)
  const tags: Tag[] = [
    { key: 'os', value: os },
    { key: 'os_version', value: version },
    { key: chance.pick(ARCHITECTURE_KEYS), value: arch },
    environmentTag(chance, chance.pick(Object.keys(ENVIRONMENTS))),
    { key: 'role', value: role },
  ]
  const offer = (share: number, key: string, value: string) => {
    if (chance.is(share)) tags.push({ key, value })
  }
  offer(0.8, 'team', chance.pick(TEAMS))
  offer(0.5, chance.pick(COST_KEYS), chance.pick(COST_CENTRES))
  offer(0.6, 'release_date', day)
  offer(0.25, '部门', chance.pick(DEPARTMENTS))
  offer(0.2, 'hardened', chance.pick(['cis-1', 'cis-2', 'true', '']))
  // An image may carry ten tags; these two would be the eleventh and twelfth.
  if (tags.length < 9) offer(0.3, chance.pick(['owner', 'Owner']), chance.pick(PEOPLE))
  if (tags.length < 10) offer(0.15, 'deprecated', chance.pick(['true', 'yes', 'soon']))
  return {
    resource_type: 'images',
    project: PROJECT,
    resource_id: uuid(chance),
    resource_name: `${slug}-${version}-${role}-${arch}-${day.replaceAll('-', '')}`,
    resource_detail: {
      status,
      disk_format: chance.pick(['qcow2', 'zvhd2', 'raw']),
      min_disk: diskGb,
      min_ram: chance.pick([512, 1024, 2048]),
      created_at: `${day}T08:00:00Z`,
    },
    tags: chance.is(0.07) ? [] : tags,
  }
}

function demoInstance(chance: Chance): DemoLine {
  const { engine, versions } = chance.pick(ENGINES)
  const application = chance.pick(APPLICATIONS)
  const environment = chance.pick(Object.keys(ENVIRONMENTS))
  const vcpus = chance.pick([2, 4, 8, 16, 32])
  const version = chance.pick(versions)
  const tags: Tag[] = [
    { key: 'engine', value: engine },
    { key: 'engine_version', value: version },
    { key: 'application', value: application },
    environmentTag(chance, environment),
    { key: 'team', value: chance.pick(TEAMS) },
    { key: chance.pick(COST_KEYS), value: chance.pick(COST_CENTRES) },
  ]
  const offer = (share: number, key: string, value: string) => {
    if (chance.is(share)) tags.push({ key, value })
  }
  offer(0.7, 'backup', chance.pick(['daily', 'daily', 'weekly', 'none', '']))
  offer(0.5, 'backup_days', String(chance.pick([7, 14, 30, 90])))
  offer(0.6, 'data-class', chance.pick(['public', 'internal', 'confidential', 'personal']))
  offer(0.4, '业务', chance.pick(BUSINESSES))
  offer(0.3, '负责人', chance.pick(PEOPLE))
  offer(0.5, 'created_by', chance.pick(['terraform', 'Terraform', 'console', 'ansible']))
  offer(0.4, 'maintenance', chance.pick(['sun-0200', 'sat-2300', 'wed-0400']))
  offer(0.3, 'encrypted', chance.pick(['true', 'false', 'True']))
  offer(0.25, 'sla', chance.pick(['99.9', '99.95', '99.99']))
  offer(0.2, 'is-production', String(environment === 'prod'))
  offer(0.15, 'migrated-from', chance.pick(['on-prem', 'aws', 'otc']))
  return {
    resource_type: 'instances',
    project: PROJECT,
    resource_id: `${chance.hex(32)}in07`,
    resource_name: `${application}-${environment}-${engine.toLowerCase()}-${chance.hex(4)}`,
    resource_detail: {
      status: chance.pick(INSTANCE_STATUSES),
      datastore: { type: engine, version },
      vcpus,
      memory_gb: vcpus * 4,
      volume_gb: chance.pick([40, 100, 500, 2000]),
    },
    tags: chance.is(0.05) ? [] : tags,
  }
}

/** The tag of an environment in one of its spellings. */
function environmentTag(chance: Chance, environment: string): Tag {
  const key = chance.pick(ENVIRONMENT_KEYS)
  const value = key === '环境' ? ENVIRONMENT_VALUES_ZH[environment] : chance.pick(ENVIRONMENTS[environment] ?? [])
  return { key, value: value ?? environment }
}

/** A string in the form of a random UUID (version 4). */
function uuid(chance: Chance): string {
  const parts = [chance.hex(8), chance.hex(4), `4${chance.hex(3)}`, chance.pick(['8', '9', 'a', 'b']) + chance.hex(3)]
  return [...parts, chance.hex(12)].join('-')
}
