import type { EffectivePolicy } from '../core/policy/effective-policy.ts'
import type { TagPolicy } from '../core/policy/tag-policy.ts'

// A test in `test/conformance` checks each sentence of the interface below on every engine.

/** Where policies are: at a domain, for all its projects, or at one project. */
export type PolicyPlace = { readonly level: 'domain' | 'project'; readonly id: string }

export type StoredTagPolicy = {
  readonly name: string
  /** The policy as its author wrote it, as JSON text. */
  readonly document: string
  /** The same after it was checked. */
  readonly policy: TagPolicy
  /** Id of the user who put it. */
  readonly actor: string
  readonly updatedAtMs: number
}

/** Policies for tags. */
export interface TagPolicyStore {
  /** Returns the policies of a place in order of their names by code point. */
  listTagPolicies(place: PolicyPlace): Promise<readonly StoredTagPolicy[]>

  /** Returns a policy of a place, undefined when there is none of that name. */
  getTagPolicy(place: PolicyPlace, name: string): Promise<StoredTagPolicy | undefined>

  /**
   * Returns what the policies of a project and of its domain ask for together.
   * It has no rules for a project without policies, also if the project was never written.
   */
  getEffectivePolicy(project: string): Promise<EffectivePolicy>

  /**
   * Puts a policy, in place of one of the same name; `absent` when there is no such domain or project, and `full` when the
   * place would have more than `policiesMax` policies.
   * It applies to every commit that begins after the call, on every node, in all projects of the domain at once.
   * It applies in a project that is created later, too.
   */
  putTagPolicy(place: PolicyPlace, policy: StoredTagPolicy, policiesMax: number): Promise<'done' | 'absent' | 'full'>

  /** Deletes a policy; `absent` when there is none of that name. No commit that begins after the call is held to it. */
  deleteTagPolicy(place: PolicyPlace, name: string): Promise<'done' | 'absent'>
}
