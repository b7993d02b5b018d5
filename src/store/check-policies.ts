import { mergePolicies } from '../core/policy/effective-policy.ts'
import type { Project } from './account-records.ts'
import type { AccountStore } from './account-store.ts'

/** What the check of policies reads. */
export type PolicyCheckReads = Pick<AccountStore, 'getAccountsRevision' | 'listTagPolicies' | 'getEffectivePolicy'>

/** A project that is held to something else than its policies and those of its domain say. */
export type PolicyDifference = { readonly what: 'policy'; readonly words: string }

/** Reads that are repeated because policies have changed meanwhile. */
const TRIES_MAX = 5

/** Compares what a project is held to with its policies and those of its domain. Both may change meanwhile. */
export async function checkPolicies(
  store: PolicyCheckReads,
  { id, domainId }: Pick<Project, 'id' | 'domainId'>,
): Promise<readonly PolicyDifference[]> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const before = await store.getAccountsRevision()
    const ofDomain = await store.listTagPolicies({ level: 'domain', id: domainId })
    const ofProject = await store.listTagPolicies({ level: 'project', id })
    const held = await store.getEffectivePolicy(id)
    if ((await store.getAccountsRevision()) !== before) continue
    const { effective } = mergePolicies(ofDomain, ofProject)
    if (JSON.stringify(effective) === JSON.stringify(held)) return []
    const words = `writes are held to ${held.rules.length} rules, and the tag policies have ${effective.rules.length}, or they differ`
    return [{ what: 'policy', words: `${words}; put or delete a policy of the domain to repair this` }]
  }
  return []
}
