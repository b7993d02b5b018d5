import type { Client } from '../client.ts'
import type { Counts, Resource } from '../resources.ts'
import { collectChanges } from './collect-changes.ts'
import { collectNearDuplicates } from './collect-near-duplicates.ts'
import { collectPolicy, readRules } from './collect-policy.ts'
import { collectTrend } from './collect-trend.ts'
import { unlessAbsent } from './optional-call.ts'
import { ownerKeys } from './owner-key.ts'
import {
  type Coverage,
  type KeyCoverage,
  type Owners,
  REPORT_FORMAT,
  type Report,
  type ReportRequest,
  type TypeCount,
  type Untagged,
} from './report-data.ts'

/** Limits on what a report lists, however large a project is. */
const TYPES_MAX = 40
const KEYS_MAX = 20
const TREND_KEYS_MAX = 3
/** Keys that are counted, and among which that of an owner is looked for. */
const COUNTED_KEYS_MAX = 1000

type Facet = {
  readonly with_key: number
  readonly without_key: number
  readonly values?: readonly { readonly value: string; readonly count: number }[]
  readonly keys?: readonly { readonly key: string; readonly count: number }[]
  readonly more: number
}

type Answer = {
  readonly revision: number
  readonly total_count: number
  readonly counts: Counts
  readonly resources: readonly Resource[]
  readonly facets?: readonly Facet[]
}

/** Reads all that a report shows, by calls that only read. All numbers are as of one revision. */
export async function collectReport(client: Client, request: ReportRequest): Promise<Report> {
  const all = await search(client, { limit: 0, facets: [{ keys: true, limit: COUNTED_KEYS_MAX }] })
  const { revision } = all
  const rules = await readRules(client)
  // What is written meanwhile would make the sections contradict each other.
  client.readAsOf(String(revision))
  const untagged = await search(client, { filter: 'size(tags) == 0', limit: request.listed })
  const [facet] = all.facets ?? []
  const keys = (facet?.keys ?? []).map(({ key, count }) => ({ key, resources: count }))
  const coverage = await collectCoverage(client, keys, facet?.more ?? 0)
  const owners = await collectOwners(client, request, keys, all.total_count)
  const near_duplicates = await collectNearDuplicates(
    client,
    coverage.keys.map(({ key }) => key),
  )
  const policy = await collectPolicy(client, rules, request.listed)
  client.readAsOf(undefined)
  const trend = await collectTrend(client, trendKeys(owners, coverage), request.nowMs)
  const changes = await unlessAbsent(() => collectChanges(client, request, revision))
  const types = toTypes(all.counts, untagged.counts)
  const { project } = client
  return {
    format: REPORT_FORMAT,
    project: { id: client.projectId, name: project?.name ?? '' },
    made_at: new Date(request.nowMs).toISOString(),
    revision,
    resources: all.total_count,
    types: types.slice(0, TYPES_MAX),
    more_types: Math.max(0, types.length - TYPES_MAX),
    coverage,
    trend,
    untagged: toUntagged(untagged),
    policy,
    near_duplicates,
    changes,
    owners,
  }
}

async function search(client: Client, body: object): Promise<Answer> {
  const path = `/tagwerk/v1/${client.projectId}/resources/search`
  return (await client.json<Answer>({ method: 'POST', path, body })).body
}

/** The types with resources, the largest first. */
function toTypes(counts: Counts, untagged: Counts): readonly TypeCount[] {
  return Object.entries(counts)
    .filter(([, resources]) => resources > 0)
    .map(([type, resources]) => ({ type, resources, untagged: untagged[type] ?? 0 }))
    .sort((a, b) => b.resources - a.resources || (a.type < b.type ? -1 : 1))
}

async function collectCoverage(
  client: Client,
  keys: readonly { readonly key: string; readonly resources: number }[],
  more: number,
): Promise<Coverage> {
  const listed: KeyCoverage[] = []
  for (const { key, resources } of keys.slice(0, KEYS_MAX)) {
    listed.push({ key, resources, types: await typesWith(client, key) })
  }
  return { keys: listed, more_keys: more + Math.max(0, keys.length - KEYS_MAX) }
}

/** How many resources of each type have a key. */
async function typesWith(client: Client, key: string): Promise<Counts> {
  // The first of the keys with this beginning, ascending, is the key itself.
  const path = `/tagwerk/v1/${client.projectId}/tag-keys`
  const query = { prefix: key, limit: '1' }
  const { body } = await client.json<{ readonly keys: readonly { key: string; counts: Counts }[] }>({ path, query })
  const [first] = body.keys
  return first?.key === key ? first.counts : {}
}

/** The key of owners, and the keys on the most resources: as many as lines can be told apart. */
function trendKeys({ key }: Owners, { keys }: Coverage): readonly string[] {
  const all = [...(key === null ? [] : [key]), ...keys.map((one) => one.key)]
  return [...new Set(all)].slice(0, TREND_KEYS_MAX)
}

async function collectOwners(
  client: Client,
  { ownerKey, listed }: ReportRequest,
  keys: readonly { readonly key: string; readonly resources: number }[],
  total: number,
): Promise<Owners> {
  const found = ownerKeys(keys)
  const key = ownerKey ?? found[0]
  const other_keys = found.filter((other) => other !== key)
  if (key === undefined) {
    return { key: null, listed: [], more: 0, with_owner: 0, without_owner: total, other_keys }
  }
  const answer = await search(client, { limit: 0, facets: [{ key, limit: listed }] })
  const [facet] = answer.facets ?? []
  return {
    key,
    listed: (facet?.values ?? []).map(({ value, count }) => ({ owner: value, resources: count })),
    more: facet?.more ?? 0,
    with_owner: facet?.with_key ?? 0,
    without_owner: facet?.without_key ?? 0,
    other_keys,
  }
}

function toUntagged({ total_count, resources }: Answer): Untagged {
  const listed = resources.map(({ resource_type, resource_id, resource_name }) => ({
    type: resource_type,
    id: resource_id,
    name: resource_name,
  }))
  return { resources: total_count, listed, more: total_count - listed.length }
}
