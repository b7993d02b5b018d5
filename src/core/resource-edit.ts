import type { Facts, Rule } from './errors.ts'
import type { ResourceState } from './resource.ts'
import type { Tag } from './tag.ts'

/** A precondition on the detail of a resource. A change whose precondition fails is refused with the code `orElse`. */
export type Expectation<Code extends string = string> = {
  /** Name of the member of the detail that is checked. */
  readonly member: string
  /** Allowed states: present with any value, or one of some values, where undefined allows an absent member. */
  readonly is: 'present' | { readonly oneOf: readonly unknown[] }
  readonly orElse: Code
  /** Path of the request field that the error names; by default the name of the member. */
  readonly field?: string
  /** The rule in the error, where the allowed states alone do not say what to do. */
  readonly rule?: Rule
}

/** A partial update of a resource. Omitted properties are not changed. */
export type Edit = {
  readonly expect?: readonly Expectation[]
  readonly name?: string
  /** Members of the detail to set. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Members of the detail to remove. */
  readonly unset?: readonly string[]
  /** Replaces all tags. */
  readonly tags?: readonly Tag[]
  /** True: a key that the resource has keeps its position. */
  readonly keepsPositions?: boolean
}

/** Applies the name and detail of an edit. Members of the detail keep their order; new ones are appended. */
export function applyEdit(current: ResourceState, { name, set = {}, unset = [] }: Edit): ResourceState {
  const members = { ...(JSON.parse(current.detail) as Readonly<Record<string, unknown>>), ...set }
  for (const member of unset) delete members[member]
  return { ...current, name: name ?? current.name, detail: JSON.stringify(members) }
}

/** Gives the refusal of the first expectation that is not met; undefined when all are met. */
export function unmetExpectation(
  { detail }: ResourceState,
  expectations: readonly Expectation[] = [],
): { readonly outcome: 'refused'; readonly code: string; readonly facts: Facts } | undefined {
  if (expectations.length === 0) return undefined
  const members = new Map(Object.entries(JSON.parse(detail) as object))
  const unmet = expectations.find(({ member, is }) => {
    if (is === 'present') return !members.has(member)
    return !is.oneOf.includes(members.get(member))
  })
  if (unmet === undefined) return undefined
  const field = unmet.field ?? unmet.member
  const rule: Rule =
    unmet.rule ?? (unmet.is === 'present' ? { name: 'required' } : { name: 'one-of', allowed: namesOf(unmet.is.oneOf) })
  return { outcome: 'refused', code: unmet.orElse, facts: { field, rule } }
}

/** Allowed values for the error message, unique, without `undefined`. */
function namesOf(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined).map(String))]
}
