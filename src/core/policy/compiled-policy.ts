import type { ResourceType } from '../resource-types.ts'
import type { EffectivePolicy, PolicyRule } from './effective-policy.ts'
import { typeTest } from './policy-types.ts'
import { foldKeyCase } from './tag-policy.ts'

/** A rule whose lists were prepared for tests. */
export type CompiledRule = {
  readonly rule: PolicyRule
  readonly allows: (value: string) => boolean
}

/** What a policy refuses in changes of resources of one type. */
export type TypePolicy = {
  /** By key in lower case. */
  readonly enforced: ReadonlyMap<string, CompiledRule>
  /** Rules whose keys new resources must have. */
  readonly requiredOnCreate: readonly CompiledRule[]
}

/** Types are unlimited in number, policies are kept for long. */
const TYPES_KEPT_MAX = 1000

/** An effective policy, prepared for decisions. */
export class CompiledPolicy {
  readonly effective: EffectivePolicy
  readonly #rules: readonly (CompiledRule & {
    readonly enforces: (type: ResourceType) => boolean
    readonly requires: (type: ResourceType) => boolean
  })[]
  readonly #ofType = new Map<ResourceType, TypePolicy | undefined>()

  constructor(effective: EffectivePolicy) {
    this.effective = effective
    this.#rules = effective.rules.map((rule) => ({
      rule,
      allows: valueTest(rule.values),
      enforces: typeTest(rule.enforcedFor),
      requires: typeTest(rule.requiredFor),
    }))
  }

  /** Gives what applies to changes of resources of a type; undefined when nothing does. */
  forType(type: ResourceType): TypePolicy | undefined {
    if (this.#ofType.has(type)) return this.#ofType.get(type)
    const enforced = new Map(
      this.#rules.filter(({ enforces }) => enforces(type)).map((rule) => [foldKeyCase(rule.rule.key), rule]),
    )
    const requiredOnCreate = this.#rules.filter(({ rule, requires }) => rule.requiredOnCreate && requires(type))
    const isNone = enforced.size === 0 && requiredOnCreate.length === 0
    const policy = isNone ? undefined : { enforced, requiredOnCreate }
    if (this.#ofType.size >= TYPES_KEPT_MAX) this.#ofType.clear()
    this.#ofType.set(type, policy)
    return policy
  }
}

/** Makes a test of values from a list of them, with at most one `*` each; without a list every value passes. */
export function valueTest(values: readonly string[] | undefined): (value: string) => boolean {
  if (values === undefined) return () => true
  const exact = new Set(values.filter((value) => !value.includes('*')))
  const patterns = values.filter((value) => value.includes('*')).map((value) => value.split('*') as [string, string])
  return (value) =>
    exact.has(value) ||
    patterns.some(
      ([start, end]) => value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end),
    )
}
