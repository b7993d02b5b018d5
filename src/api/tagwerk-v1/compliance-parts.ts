import { Type } from 'typebox'
import type { Catalog, Compliance } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { type EffectivePolicy, mergePolicies } from '../../core/policy/effective-policy.ts'
import { parsePolicy } from '../../core/policy/parse-policy.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'

/** What the calls about compliance use. */
export type ComplianceParts = {
  readonly catalog: Catalog
  readonly compliance: Compliance
  readonly accounts: Accounts
  readonly types: ResourceTypes
}

/** Schema of a policy in the body of a call, which `toPolicy` checks. */
export const policyDocument = Type.Unsafe<unknown>({
  description: 'A tag policy, an object in the form of AWS and Huawei Cloud Organizations.',
})

/** Schema of the same, or of the name of a stored policy. */
export const policyOrName = Type.Optional(
  Type.Unsafe<unknown>({
    description:
      'The name of a policy of the project or of its domain, or a tag policy as an object; default: all policies that apply.',
  }),
)

/** Gives what the policies of a project demand, or the named one alone, or a given document. Throws `request-invalid`. */
export async function policyOf(
  { accounts: { tagPolicies }, types }: ComplianceParts,
  { scope }: Principal,
  project: string,
  given: unknown,
): Promise<EffectivePolicy> {
  if (given === undefined) return tagPolicies.effective(project)
  if (typeof given !== 'string') return toPolicy(given, types)
  const ofProject = await tagPolicies.list({ level: 'project', id: project })
  const ofDomain = await tagPolicies.list({ level: 'domain', id: scope.domain.id })
  const all = [...ofProject, ...ofDomain]
  const found = all.find(({ name }) => name === given)
  if (found === undefined) throw invalid('policy', { name: 'one-of', allowed: all.map(({ name }) => name) }, given)
  return mergePolicies([], [found]).effective
}

/** Gives what a policy alone demands. Throws `request-invalid` with the path of what is wrong in it. */
export function toPolicy(document: unknown, types: ResourceTypes): EffectivePolicy {
  const { policy } = parsePolicy(document, types)
  return mergePolicies([], [{ name: 'given', policy }]).effective
}

/** Checks that a policy has a key. Throws `request-invalid`. */
export function refuseUnknownKey({ rules }: EffectivePolicy, key: string | undefined): void {
  if (key === undefined || rules.some((rule) => rule.key === key)) return
  throw invalid('key', { name: 'one-of', allowed: rules.map((rule) => rule.key) }, key)
}
