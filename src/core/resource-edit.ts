import type { Facts } from './errors.ts'
import type { ResourceState } from './resource.ts'
import type { Tag } from './tag.ts'

/** What has to be so before a change; otherwise the change is refused with `orElse`. */
export type Expectation<Code extends string = string> = {
  /** A member of the detail. */
  readonly member: string
  /** What it has to be: there at all, or one of some values (undefined among them stands for not there). */
  readonly is: 'present' | { readonly oneOf: readonly unknown[] }
  readonly orElse: Code
  /** Path of the field that asked for it, for the message. */
  readonly field?: string
}

/** What to change of a resource. What is left out stays. */
export type Edit = {
  readonly expect?: readonly Expectation[]
  readonly name?: string
  /** Members of the detail that get a value. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Members of the detail that go. */
  readonly unset?: readonly string[]
  /** All tags from now on. */
  readonly tags?: readonly Tag[]
}

/** Applies name and detail of an edit. The detail keeps the order of its members. */
export function applyEdit(current: ResourceState, { name, set = {}, unset = [] }: Edit): ResourceState {
  const members = { ...(JSON.parse(current.detail) as Readonly<Record<string, unknown>>), ...set }
  for (const member of unset) delete members[member]
  return { ...current, name: name ?? current.name, detail: JSON.stringify(members) }
}

/** Gives the refusal of the first expectation that does not hold; undefined when all do. */
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
  const rule =
    unmet.is === 'present'
      ? ({ name: 'required' } as const)
      : ({ name: 'one-of', allowed: namesOf(unmet.is.oneOf) } as const)
  return { outcome: 'refused', code: unmet.orElse, facts: { field, rule } }
}

/** Values as a message lists them: each once, and not that a member may also be missing. */
function namesOf(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined).map(String))]
}
