/** The format of the JSON of a report. A change that programs would notice raises its number. */
export const REPORT_FORMAT = 'tagwerk-report/1'

/** What a report is about. */
export type ReportRequest = {
  /** The key whose values are owners; undefined: one that looks so. */
  readonly ownerKey: string | undefined
  /** Changes from here on are shown. */
  readonly sinceMs: number
  readonly nowMs: number
  /** Resources and owners that are listed. */
  readonly listed: number
}

/** What a report shows, and what it prints as JSON (docs/report.md). */
export type Report = {
  readonly format: typeof REPORT_FORMAT
  readonly project: { readonly id: string; readonly name: string }
  /** When the report was made, RFC 3339. */
  readonly made_at: string
  /** The revision of the project that all numbers reflect, but for those of `changes`, which end there. */
  readonly revision: number
  readonly resources: number
  readonly types: readonly TypeCount[]
  /** Types that are not listed. */
  readonly more_types: number
  readonly coverage: Coverage
  /** The past by week, as far as the service has stored it, the oldest first. */
  readonly trend: readonly TrendPoint[]
  readonly untagged: Untagged
  /** How resources comply with the tag policies of the project. Null without policies, and for a caller who may not read them. */
  readonly policy: Policy | null
  readonly near_duplicates: NearDuplicates
  /** Null for a caller who may not read the history. */
  readonly changes: Changes | null
  readonly owners: Owners
}

export type TypeCount = { readonly type: string; readonly resources: number; readonly untagged: number }

/** The keys that the most resources have. */
export type Coverage = {
  readonly keys: readonly KeyCoverage[]
  /** Keys that are not listed. */
  readonly more_keys: number
}

export type KeyCoverage = {
  readonly key: string
  readonly resources: number
  /** Resources of each type that have the key. A type without any is left out. */
  readonly types: Readonly<Record<string, number>>
}

/** Shares at the end of a day: of resources with any tag, and with some of the keys. */
export type TrendPoint = {
  readonly day: string
  readonly resources: number
  readonly tagged: number
  readonly keys: Readonly<Record<string, number>>
}

export type Policy = {
  /** Resources without any problem. */
  readonly compliant: number
  /** The keys of the policies with the most problems. */
  readonly keys: readonly KeyProblems[]
  /** Keys that are not listed. */
  readonly more_keys: number
  /** Resources with a problem. */
  readonly listed: readonly ListedResource[]
  readonly more: number
}

export type KeyProblems = {
  readonly key: string
  readonly missing: number
  readonly wrong_value: number
  readonly wrong_case: number
}

export type Untagged = {
  readonly resources: number
  readonly listed: readonly ListedResource[]
  /** Resources that are not listed. */
  readonly more: number
}

export type ListedResource = { readonly type: string; readonly id: string; readonly name: string }

export type NearDuplicates = {
  /** All groups, of keys and of the values of the listed keys. */
  readonly groups: number
  readonly listed: readonly NearGroup[]
  /** Keys whose values were compared. */
  readonly keys_compared: number
}

export type NearGroup = {
  readonly id: string
  readonly kind: 'certain' | 'look-alike' | 'related' | 'perhaps'
  /** The key whose values they are; missing for keys. */
  readonly key?: string
  readonly canonical: string
  readonly members: readonly { readonly text: string; readonly resources: number }[]
  readonly affected: number
  readonly both: number
}

export type Changes = {
  /** The moment that was asked for, RFC 3339. */
  readonly since: string
  /** True: the comparison begins later, because older changes are no longer kept, or there are too many. */
  readonly is_shortened: boolean
  readonly from_revision: number
  readonly changes: number
  readonly entered: number
  readonly left: number
  readonly changed: number
  /** The keys whose tags changed on the most resources. */
  readonly keys: readonly KeyChange[]
  readonly more_keys: number
  /** By number of changes, among those that were looked at. */
  readonly actors: readonly { readonly name: string; readonly changes: number }[]
  readonly more_actors: number
  readonly days: readonly { readonly day: string; readonly changes: number }[]
  /** Changes that were looked at for actors and days, the newest ones. */
  readonly looked_at: number
}

export type KeyChange = {
  readonly key: string
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** Who owns what, by the values of one key. */
export type Owners = {
  /** Null when no key in use looks like that of an owner. */
  readonly key: string | null
  readonly listed: readonly { readonly owner: string; readonly resources: number }[]
  readonly more: number
  readonly with_owner: number
  readonly without_owner: number
  /** Other keys in use that look like that of an owner. */
  readonly other_keys: readonly string[]
}
