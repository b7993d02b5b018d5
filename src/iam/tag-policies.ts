import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import { type EffectivePolicy, type IgnoredSetting, mergePolicies } from '../core/policy/effective-policy.ts'
import type { TagPolicy } from '../core/policy/tag-policy.ts'
import type { PolicyPlace, StoredTagPolicy } from '../store/tag-policy-store.ts'
import { notFound } from './not-found.ts'
import type { AccountReads, AccountWrites } from './write-limit.ts'

/** Policies of one domain, and of one project. */
export const POLICIES_MAX = 20

/** Errors about tag policies, which only Tagwerk's own API answers with. */
export type TagPolicyErrorCode = 'tag-policy-not-found' | 'tag-policy-limit-reached'

/** A policy that is put: its name, its text, and what it says. */
export type TagPolicyInput = { readonly name: string; readonly document: string; readonly policy: TagPolicy }

/** Manages the tag policies of domains and projects. */
export class TagPolicies {
  readonly #store: AccountReads
  readonly #writes: AccountWrites
  readonly #clock: Clock

  constructor(store: AccountReads, writes: AccountWrites, clock: Clock) {
    this.#store = store
    this.#writes = writes
    this.#clock = clock
  }

  /** Lists the policies of a place, ordered by name. */
  list(place: PolicyPlace): Promise<readonly StoredTagPolicy[]> {
    return this.#store.listTagPolicies(place)
  }

  /** Gives a policy of a place. Throws `tag-policy-not-found`. */
  async get(place: PolicyPlace, name: string): Promise<StoredTagPolicy> {
    const policy = await this.#store.getTagPolicy(place, name)
    if (policy === undefined) throw policyNotFound(name)
    return policy
  }

  /**
   * Puts a policy in a place, in force for every write from now on. `actor` is the id of the user. Throws
   * `tag-policy-limit-reached`, and `resource-not-found` for a place that was deleted meanwhile.
   */
  async put(place: PolicyPlace, { name, document, policy }: TagPolicyInput, actor: string): Promise<StoredTagPolicy> {
    const stored = { name, document, policy, actor, updatedAtMs: this.#clock() }
    const verdict = await this.#writes.putTagPolicy(place, stored, POLICIES_MAX)
    if (verdict === 'absent') throw notFound(`${place.level}_id`, `the id of a ${place.level}`, place.id)
    if (verdict === 'full') {
      const detail = `A ${place.level} has at most ${POLICIES_MAX} tag policies: delete one, or put several keys into one policy.`
      throw new DomainError<TagPolicyErrorCode>('tag-policy-limit-reached', { detail })
    }
    return stored
  }

  /** Deletes a policy. Throws `tag-policy-not-found`. */
  async remove(place: PolicyPlace, name: string): Promise<void> {
    if ((await this.#writes.deleteTagPolicy(place, name)) === 'absent') throw policyNotFound(name)
  }

  /** Gives what writes to a project are held to. */
  effective(project: string): Promise<EffectivePolicy> {
    return this.#store.getEffectivePolicy(project)
  }

  /** Gives the settings of policies that have no effect in a domain, or in one of its projects. */
  async ignored(domainId: string, project?: string): Promise<readonly IgnoredSetting[]> {
    const ofDomain = await this.list({ level: 'domain', id: domainId })
    const ofProject = project === undefined ? [] : await this.list({ level: 'project', id: project })
    return mergePolicies(ofDomain, ofProject).ignored
  }
}

function policyNotFound(name: string): DomainError<TagPolicyErrorCode> {
  const facts = { field: 'name', rule: { name: 'exists' }, value: name } as const
  return new DomainError<TagPolicyErrorCode>('tag-policy-not-found', facts)
}
