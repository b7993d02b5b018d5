import { foldKey } from '../../core/near-duplicates/fold.ts'

/** Keys that say whose a resource is, the surest first. Spellings of the same key count alike. */
const OWNER_KEYS = [
  ...[
    'owner',
    'resource-owner',
    'service-owner',
    'technical-owner',
    'business-owner',
    'product-owner',
    'application-owner',
  ],
  ...['owned-by', 'team', 'team-name', 'owner-team', 'squad', 'contact', 'maintainer', 'responsible', 'created-by'],
  ...['负责人', '所有者', '团队', '部门', 'department', 'business-unit', 'cost-center', 'cost-centre', 'project'],
]

const RANKS: ReadonlyMap<string, number> = new Map(OWNER_KEYS.map((key, rank) => [foldKey(key), rank]))

/** A key that only so many of the others are rarer than is not taken, though it looks surer: 1 in 4. */
const RARER = 4

export type CountedKey = { readonly key: string; readonly resources: number }

/** The keys that look like that of an owner: first the one to take, which is the surest of those that are not rare. */
export function ownerKeys(keys: readonly CountedKey[]): readonly string[] {
  const found = keys.flatMap((counted) => {
    const rank = RANKS.get(foldKey(counted.key))
    return rank === undefined ? [] : [{ ...counted, rank }]
  })
  const most = Math.max(0, ...found.map(({ resources }) => resources))
  const isRare = ({ resources }: CountedKey) => resources * RARER < most
  const sorted = found.toSorted(
    (a, b) => Number(isRare(a)) - Number(isRare(b)) || a.rank - b.rank || b.resources - a.resources,
  )
  return sorted.map(({ key }) => key)
}
