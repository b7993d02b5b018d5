import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { IgnoredSetting } from '../../core/policy/effective-policy.ts'
import { type PolicyWarning, parsePolicy } from '../../core/policy/parse-policy.ts'
import { POLICY_LIMITS } from '../../core/policy/tag-policy.ts'
import type { Profile } from '../../core/profile.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { PolicyPlace, StoredTagPolicy } from '../../store/tag-policy-store.ts'
import type { Reply } from '../route.ts'
import { policyFitWarnings } from './tag-policy-fit.ts'

/** What the operations on tag policies depend on. */
export type TagPolicyParts = { readonly accounts: Accounts; readonly profile: Profile }

/** Words in the place of a name in a path. */
const RESERVED = ['effective', 'convert', 'rehearse']
/** Warnings of one answer. */
const WARNINGS_MAX = 100

const policyName = Type.String({
  pattern: '^[0-9A-Za-z][0-9A-Za-z_.-]{0,63}$',
  description: 'Digits, letters, `_`, `.` and `-`, at most 64, beginning with a digit or letter.',
})

/** The names in the paths of one policy. */
export const domainPolicyParams = Type.Object({ policy_name: policyName })
export const projectPolicyParams = Type.Object({ project_id: Type.String(), policy_name: policyName })

/** The body with a policy. What it may hold is checked by `parsePolicy`, whose errors name the path. */
export const policyBody = Type.Record(Type.String(), Type.Unknown(), {
  description: 'A tag policy as AWS Organizations or Huawei Cloud Organizations writes it.',
})

const warning = Type.Object({ field: Type.String({ description: 'Path in the policy.' }), message: Type.String() })

/** The warnings about a policy. */
export const warnings = Type.Array(warning, { description: 'What is valid, but probably not meant; at most 100.' })

const head = {
  name: Type.String(),
  keys: Type.Array(Type.String(), { description: 'The keys that it is about, in lower case.' }),
  updated_at: Type.String({ description: 'RFC 3339, in milliseconds.' }),
  updated_by: Type.String({ description: 'Id of the user.' }),
}

/** Schema of a policy in lists, and of one alone. */
export const policyHead = Type.Object(head)
export const policyWithBody = Type.Object({ ...head, policy: policyBody })
export const putAnswer = Type.Object({ ...head, warnings })

/** The members of a policy in an answer. */
export function toHead({ name, policy, updatedAtMs, actor }: StoredTagPolicy) {
  return {
    name,
    keys: policy.blocks.map(({ fold }) => fold).sort(),
    updated_at: new Date(updatedAtMs).toISOString(),
    updated_by: actor,
  }
}

/** Answers with the policies of a place. */
export async function listPolicies({ accounts }: TagPolicyParts, place: PolicyPlace): Promise<Reply> {
  return { status: 200, body: { policies: (await accounts.tagPolicies.list(place)).map(toHead) } }
}

/** Answers with a policy of a place. */
export async function showPolicy({ accounts }: TagPolicyParts, place: PolicyPlace, name: string): Promise<Reply> {
  const stored = await accounts.tagPolicies.get(place, name)
  return { status: 200, body: { ...toHead(stored), policy: JSON.parse(stored.document) as unknown } }
}

/** Who puts a policy: id and domain of the user. */
export type PolicyAuthor = { readonly id: string; readonly domain: { readonly id: string } }

/** Puts a policy in a place and answers with the warnings about it. */
export async function putPolicy(
  { accounts, profile }: TagPolicyParts,
  place: PolicyPlace,
  name: string,
  body: unknown,
  author: PolicyAuthor,
): Promise<Reply> {
  if (RESERVED.includes(name)) {
    throw invalid('policy_name', { name: 'type', expected: `a name other than ${RESERVED.join(', ')}` }, name)
  }
  const document = JSON.stringify(body)
  const limit = POLICY_LIMITS.bytes
  if (Buffer.byteLength(document) > limit) throw invalid('body', { name: 'bytes-max', limit })
  const { policy, warnings: ofText } = parsePolicy(body, profile.types)
  const stored = await accounts.tagPolicies.put(place, { name, document, policy }, author.id)
  const project = place.level === 'project' ? place.id : undefined
  const ignored = (await accounts.tagPolicies.ignored(author.domain.id, project))
    .filter((setting) => setting.level === place.level && setting.policy === name)
    .map(ignoredWarning)
  const all = [...ofText, ...ignored, ...policyFitWarnings(policy, profile)].slice(0, WARNINGS_MAX)
  return { status: 200, body: { ...toHead(stored), warnings: all } }
}

/** Says why a setting has no effect. */
export function ignoredWarning({ field, reason, by }: IgnoredSetting): PolicyWarning {
  const message =
    reason === 'not-allowed'
      ? 'It has no effect, because the policies of the domain do not allow this operator to projects.'
      : `It has no effect, because the policy ${JSON.stringify(by)}, whose name comes first, assigns something else.`
  return { field, message }
}
