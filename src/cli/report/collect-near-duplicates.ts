import type { Client } from '../client.ts'
import type { NearDuplicates, NearGroup } from './report-data.ts'

/** Groups that a report lists. */
const GROUPS_MAX = 30
/** Keys whose values are compared. A key with more values than these is that of ids or times, not of names. */
const KEYS_COMPARED_MAX = 20
const VALUES_COMPARED_MAX = 2000

type Group = Omit<NearGroup, 'members'> & {
  readonly members: readonly { readonly key?: string; readonly value?: string; readonly resources: number }[]
}

/** Collects groups of keys, and of the values of some keys. What may be words of their own is left out. */
export async function collectNearDuplicates(client: Client, keys: readonly string[]): Promise<NearDuplicates> {
  const groups: NearGroup[] = [...(await read(client, undefined))]
  let compared = 0
  for (const key of keys.slice(0, KEYS_COMPARED_MAX)) {
    if (await hasManyValues(client, key)) continue
    compared++
    groups.push(...(await read(client, key)))
  }
  const sure = groups.filter(({ kind }) => kind === 'certain' || kind === 'look-alike')
  sure.sort((a, b) => b.affected - a.affected)
  return { groups: sure.length, listed: sure.slice(0, GROUPS_MAX), keys_compared: compared }
}

async function read(client: Client, key: string | undefined): Promise<readonly NearGroup[]> {
  const path = `/tagwerk/v1/${client.projectId}/near-duplicates`
  const { body } = await client.json<{ readonly groups: readonly Group[] }>({
    path,
    ...(key !== undefined && { query: { key } }),
  })
  return body.groups.map(({ id, kind, canonical, members, affected, both }) => ({
    id,
    kind,
    ...(key !== undefined && { key }),
    canonical,
    members: members.map((member) => ({ text: member.key ?? member.value ?? '', resources: member.resources })),
    affected,
    both,
  }))
}

async function hasManyValues(client: Client, key: string): Promise<boolean> {
  const path = `/tagwerk/v1/${client.projectId}/resources/search`
  const body = { limit: 0, facets: [{ key, limit: 1 }] }
  const answer = await client.json<{ facets: readonly { more: number }[] }>({ method: 'POST', path, body })
  return (answer.body.facets[0]?.more ?? 0) >= VALUES_COMPARED_MAX
}
