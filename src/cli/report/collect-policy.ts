import type { Client } from '../client.ts'
import type { Resource } from '../resources.ts'
import { unlessAbsent } from './optional-call.ts'
import type { KeyProblems, Policy } from './report-data.ts'

/** Keys that are listed. */
const KEYS_MAX = 20

/** What the policies of a project ask for together, as the service shows it. */
type Rule = {
  readonly tag_key: string
  readonly tag_value?: readonly string[]
  readonly report_required_tag_for: readonly string[]
}

type Compliance = {
  readonly resources: number
  readonly compliant: number
  readonly keys: readonly {
    readonly key: string
    readonly missing: number
    readonly 'wrong-value': number
    readonly 'wrong-case': number
  }[]
}

/** Reads what the tag policies of a project ask for; null without any. It has no past, so it is read at present. */
export async function readRules(client: Client): Promise<readonly Rule[] | null> {
  const path = `/tagwerk/v1/${client.projectId}/policies/effective`
  const answer = await unlessAbsent(() => client.json<{ readonly rules: readonly Rule[] }>({ path }))
  return answer === null || answer.body.rules.length === 0 ? null : answer.body.rules
}

/** Counts how the resources comply, and lists the first ones that do not. */
export async function collectPolicy(
  client: Client,
  rules: readonly Rule[] | null,
  listed: number,
): Promise<Policy | null> {
  if (rules === null) return null
  const policy = toDocument(rules)
  const path = `/tagwerk/v1/${client.projectId}/compliance`
  const counted = await unlessAbsent(() => client.json<Compliance>({ method: 'POST', path, body: { policy } }))
  if (counted === null) return null
  const found = await client.json<{ readonly total_count: number; readonly resources: readonly Resource[] }>({
    method: 'POST',
    path: `${path}/resources`,
    body: { policy, limit: listed },
  })
  const { total_count, resources } = found.body
  const keys = counted.body.keys.map(toProblems).sort((a, b) => problemsOf(b) - problemsOf(a))
  return {
    compliant: counted.body.compliant,
    keys: keys.slice(0, KEYS_MAX),
    more_keys: Math.max(0, keys.length - KEYS_MAX),
    listed: resources.map(({ resource_type, resource_id, resource_name }) => ({
      type: resource_type,
      id: resource_id,
      name: resource_name,
    })),
    more: total_count - resources.length,
  }
}

function toProblems({ key, missing, ...others }: Compliance['keys'][number]): KeyProblems {
  return { key, missing, wrong_value: others['wrong-value'], wrong_case: others['wrong-case'] }
}

/** The number of problems with a key. */
export function problemsOf({ missing, wrong_value, wrong_case }: KeyProblems): number {
  return missing + wrong_value + wrong_case
}

/** The rules as one policy, in the form in which policies are written. */
function toDocument(rules: readonly Rule[]): object {
  const blocks = rules.map(({ tag_key, tag_value, report_required_tag_for: types }) => [
    tag_key.toLowerCase(),
    {
      tag_key: { '@@assign': tag_key },
      ...(tag_value !== undefined && { tag_value: { '@@assign': tag_value } }),
      ...(types.length > 0 && { report_required_tag_for: { '@@assign': types } }),
    },
  ])
  return { tags: Object.fromEntries(blocks) }
}
