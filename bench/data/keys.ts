/** One tag key of the generated data. */
export type KeySpec = {
  readonly key: string
  /** Share of the images that carry the key. The shares of all keys add up to the tags per image. */
  readonly presence: number
  /** Number of distinct values: fixed, or relative to the number of images. */
  readonly values: number | { readonly perImage: number }
  /** Skew of the values: 0 is uniform, 1 is Zipf's law. */
  readonly skew: number
  /** Names of the first values; later ones are numbered. */
  readonly names?: readonly string[]
}

const REGIONS =
  'eu-de eu-nl eu-west-101 cn-north-4 cn-east-3 cn-south-1 ap-southeast-1 ap-southeast-3 af-south-1'.split(' ')
const SYSTEMS = 'ubuntu-24.04 ubuntu-22.04 debian-12 rocky-9 windows-2022 euleros-2.10 fedora-41 suse-15'.split(' ')

/** Keys on most images, with few values: the source of dense pairs. */
const COMMON: readonly KeySpec[] = [
  { key: 'env', presence: 0.95, values: 6, skew: 1, names: ['prod', 'staging', 'dev', 'test', 'qa', 'sandbox'] },
  { key: 'region', presence: 0.9, values: 14, skew: 0.9, names: REGIONS },
  { key: 'os', presence: 0.85, values: 16, skew: 0.9, names: SYSTEMS },
  { key: 'arch', presence: 0.8, values: 4, skew: 1, names: ['x86_64', 'aarch64', 'kunpeng', 'riscv64'] },
  { key: 'tier', presence: 0.5, values: 5, skew: 1, names: ['web', 'app', 'data', 'edge', 'batch'] },
  { key: 'backup', presence: 0.35, values: 3, skew: 1, names: ['daily', 'weekly', 'none'] },
  { key: 'managed-by', presence: 0.35, values: 4, skew: 0.8, names: ['terraform', 'packer', 'ansible', 'hand'] },
  { key: 'compliance', presence: 0.35, values: 6, skew: 0.8, names: ['none', 'pci', 'gdpr', 'iso27001', 'c5', 'hds'] },
]

/** Keys of an organisation: hundreds or thousands of values, a few of them common. */
const USUAL: readonly KeySpec[] = [
  { key: 'team', presence: 0.5, values: 300, skew: 1 },
  { key: 'app', presence: 0.4, values: 2000, skew: 1 },
  { key: 'cost-center', presence: 0.42, values: 800, skew: 0.9 },
  { key: 'service', presence: 0.3, values: 5000, skew: 1 },
  { key: 'version', presence: 0.3, values: 3000, skew: 1.1 },
  { key: 'release', presence: 0.25, values: 400, skew: 1 },
  { key: 'kernel', presence: 0.15, values: 60, skew: 1 },
  { key: 'business-unit', presence: 0.15, values: 40, skew: 1 },
  { key: 'stage', presence: 0.15, values: 12, skew: 1 },
  { key: 'base', presence: 0.1, values: 200, skew: 1.1 },
  { key: 'zone', presence: 0.1, values: 30, skew: 0.8 },
  { key: 'network', presence: 0.1, values: 900, skew: 0.9 },
  { key: 'expires', presence: 0.1, values: 1500, skew: 0.3 },
  { key: 'license', presence: 0.115, values: 15, skew: 1.2 },
  { key: 'flavor', presence: 0.1, values: 120, skew: 1 },
  { key: 'repository', presence: 0.1, values: 4000, skew: 0.9 },
]

/** Keys with almost one value per image: the source of most distinct pairs. */
const UNCOMMON: readonly KeySpec[] = [
  { key: 'owner', presence: 0.45, values: { perImage: 1 / 12 }, skew: 0.7 },
  { key: 'build-id', presence: 0.2, values: { perImage: 1 }, skew: 0 },
  { key: 'commit', presence: 0.165, values: { perImage: 1 }, skew: 0 },
  { key: 'ticket', presence: 0.13, values: { perImage: 1 }, skew: 0.1 },
  { key: 'project', presence: 0.2, values: { perImage: 1 / 50 }, skew: 0.8 },
  { key: 'created-by', presence: 0.15, values: { perImage: 1 / 100 }, skew: 0.9 },
]

const RARE_NAMES = (
  'deprecated gpu encrypted hardened golden nested-virt sriov fips uefi tpm legacy pinned quarantine audit canary ' +
  'customer contract hsm airgapped forensic'
).split(' ')

/** Keys on few images, down to one in thousands. They share the rest of the ten tags per image. */
function rareKeys(presenceLeft: number): readonly KeySpec[] {
  const weights = RARE_NAMES.map((_, rank) => 1 / (rank + 1) ** 1.6)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return RARE_NAMES.map((key, rank) => ({
    key,
    presence: (presenceLeft * (weights[rank] as number)) / sum,
    skew: 1,
    values: rank % 3 === 0 ? 2 : 20,
    names: ['true', 'false'],
  }))
}

export const TAGS_PER_IMAGE = 10

const WITHOUT_RARE = [...COMMON, ...USUAL, ...UNCOMMON]

/** All keys of the generated data. */
export const KEYS: readonly KeySpec[] = [
  ...WITHOUT_RARE,
  ...rareKeys(TAGS_PER_IMAGE - WITHOUT_RARE.reduce((sum, { presence }) => sum + presence, 0)),
]
