import { Type } from 'typebox'
import type { Catalog, Compliance } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { type EffectivePolicy, mergePolicies } from '../../core/policy/effective-policy.ts'
import { parsePolicy } from '../../core/policy/parse-policy.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'

/** What the calls about compliance use. */
export type ComplianceParts = {
  readonly catalog: Catalog
  readonly compliance: Compliance
  readonly types: ResourceTypes
}

/** Schema of a policy in the body of a call, which `toPolicy` checks. */
export const policyDocument = Type.Unsafe<unknown>({
  description: 'A tag policy, an object in the form of AWS and Huawei Cloud Organizations.',
})

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
