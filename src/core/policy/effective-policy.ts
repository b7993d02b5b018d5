import { compareCodePoints } from '../text.ts'
import {
  LIST_MEMBERS,
  type ListMember,
  type ListSetting,
  OPERATORS,
  type Operator,
  type TagPolicy,
  type ValueSetting,
} from './tag-policy.ts'

/** What applies to one key, in all policies together. Lists are sorted, so that equal rules are equal as JSON. */
export type PolicyRule = {
  /** The key in the spelling that complies. */
  readonly key: string
  /** Values that comply, with at most one `*` each; undefined for any value. */
  readonly values?: readonly string[]
  /** Types whose changes are refused if they set a tag that does not comply. */
  readonly enforcedFor: readonly string[]
  /** Types whose resources must have the key. */
  readonly requiredFor: readonly string[]
  /** True: a new resource of such a type is refused without the key. */
  readonly requiredOnCreate: boolean
}

/** All that applies to a project, sorted by key. Can be stored as JSON. */
export type EffectivePolicy = { readonly rules: readonly PolicyRule[] }

/** A policy of the domain or of a project, with its name. */
export type NamedPolicy = { readonly name: string; readonly policy: TagPolicy }

/** A setting without effect. */
export type IgnoredSetting = {
  readonly level: 'domain' | 'project'
  readonly policy: string
  /** Path in the policy, such as `tags.env.tag_value.@@assign`. */
  readonly field: string
  /** `not-allowed`: a policy of the domain forbids the operator; `assigned-before`: the policy `by` has assigned another. */
  readonly reason: 'not-allowed' | 'assigned-before'
  readonly by?: string
}

/** The effective policy, and the settings that are not in it. */
export type MergedPolicies = { readonly effective: EffectivePolicy; readonly ignored: readonly IgnoredSetting[] }

/**
 * Merges the policies of a domain and of one of its projects. Those of the domain come first, and what they do not allow
 * to other policies has no effect in the project's. Policies of one level count in the order of their names: the first
 * `@@assign` wins, then all `@@append` and all `@@remove` follow.
 */
export function mergePolicies(domain: readonly NamedPolicy[], project: readonly NamedPolicy[]): MergedPolicies {
  const merger = new Merger()
  merger.addLevel('domain', domain)
  merger.addLevel('project', project)
  return { effective: merger.effective(), ignored: merger.ignored }
}

/** The settings of one key that are in force. */
type Merged = {
  key?: string
  required?: boolean
  readonly lists: Partial<Record<ListMember, readonly string[]>>
}

class Merger {
  readonly ignored: IgnoredSetting[] = []
  readonly #merged = new Map<string, Merged>()
  /** The operators that the levels so far allow, by path; all where there is none. */
  readonly #allowed = new Map<string, readonly Operator[]>()

  addLevel(level: 'domain' | 'project', policies: readonly NamedPolicy[]): void {
    const ordered = policies.toSorted((a, b) => compareCodePoints(a.name, b.name))
    const folds = new Set(ordered.flatMap(({ policy }) => policy.blocks.map(({ fold }) => fold)))
    for (const fold of folds) this.#addKey(new KeyOfLevel(level, ordered, fold))
    for (const { policy } of ordered) this.#restrict(policy)
  }

  effective(): EffectivePolicy {
    const rules = Array.from(this.#merged, ([fold, { key, required, lists }]): PolicyRule => {
      const values = lists.tag_value ?? []
      return {
        key: key ?? fold,
        ...(values.length > 0 && { values }),
        enforcedFor: lists.enforced_for ?? [],
        requiredFor: lists.report_required_tag_for ?? [],
        requiredOnCreate: required ?? false,
      }
    })
    return { rules: rules.sort((a, b) => compareCodePoints(a.key, b.key)) }
  }

  #addKey(key: KeyOfLevel): void {
    let merged = this.#merged.get(key.fold)
    if (merged === undefined) {
      merged = { lists: {} }
      this.#merged.set(key.fold, merged)
    }
    const spelling = this.#assigned(key, 'tag_key')
    if (spelling !== undefined) merged.key = spelling
    const required = this.#assigned(key, 'required_on_create')
    if (required !== undefined) merged.required = required
    for (const member of LIST_MEMBERS) {
      const list = this.#list(key, member, merged.lists[member])
      if (list !== undefined) merged.lists[member] = list
    }
  }

  #assigned<M extends 'tag_key' | 'required_on_create'>(key: KeyOfLevel, member: M) {
    const settings = this.#permitted(key, member, '@@assign') as readonly Of<NonNullable<KeyBlock[M]>['assign']>[]
    const [first, ...others] = settings
    for (const other of others) if (other.value !== first?.value) this.#ignore(key, member, other, first?.policy)
    return first?.value
  }

  #list(key: KeyOfLevel, member: ListMember, inherited: readonly string[] | undefined): readonly string[] | undefined {
    const [first, ...others] = this.#permitted(key, member, '@@assign') as readonly Of<readonly string[]>[]
    for (const other of others) {
      if (String(other.value) !== String(first?.value)) this.#ignore(key, member, other, first?.policy)
    }
    const appended = this.#permitted(key, member, '@@append') as readonly Of<readonly string[]>[]
    const removed = this.#permitted(key, member, '@@remove') as readonly Of<readonly string[]>[]
    if (first === undefined && appended.length === 0 && removed.length === 0) return inherited
    const items = new Set([...(first?.value ?? inherited ?? []), ...appended.flatMap(({ value }) => value)])
    for (const { value } of removed) for (const item of value) items.delete(item)
    return [...items].sort(compareCodePoints)
  }

  /** What the policies of a level set by an operator, without what the levels above forbid. */
  #permitted(key: KeyOfLevel, member: Member, operator: Operator): readonly Of<unknown>[] {
    const settings = key.settings(member, operator)
    const paths = ['', key.fold, `${key.fold}/${member}`]
    if (paths.every((path) => this.#allowed.get(path)?.includes(operator) ?? true)) return settings
    for (const setting of settings) this.#ignore(key, member, setting)
    return []
  }

  #ignore({ level, fold }: KeyOfLevel, member: Member, { policy, operator }: Of<unknown>, by?: string): void {
    const reason = by === undefined ? 'not-allowed' : 'assigned-before'
    const field = `tags.${fold}.${member}.${operator}`
    this.ignored.push({ level, policy, field, reason, ...(by !== undefined && { by }) })
  }

  /** Several policies of a level allow together what each of them allows. */
  #restrict({ allowed, blocks }: TagPolicy): void {
    this.#restrictAt('', allowed)
    for (const block of blocks) {
      this.#restrictAt(block.fold, block.allowed)
      for (const member of MEMBERS) this.#restrictAt(`${block.fold}/${member}`, block[member]?.allowed)
    }
  }

  #restrictAt(path: string, allowed: readonly Operator[] | undefined): void {
    if (allowed === undefined) return
    const before = this.#allowed.get(path) ?? OPERATORS
    this.#allowed.set(
      path,
      before.filter((operator) => allowed.includes(operator)),
    )
  }
}

type KeyBlock = TagPolicy['blocks'][number]
type Member = 'tag_key' | 'required_on_create' | ListMember
const MEMBERS: readonly Member[] = ['tag_key', 'required_on_create', ...LIST_MEMBERS]
const SETTING_OF = { '@@assign': 'assign', '@@append': 'append', '@@remove': 'remove' } as const

/** A value that a policy sets. */
type Of<T> = { readonly policy: string; readonly operator: Operator; readonly value: NonNullable<T> }

/** What the policies of one level say about one key. */
class KeyOfLevel {
  readonly level: 'domain' | 'project'
  readonly fold: string
  readonly #blocks: readonly { readonly policy: string; readonly block: KeyBlock }[]

  constructor(level: 'domain' | 'project', policies: readonly NamedPolicy[], fold: string) {
    this.level = level
    this.fold = fold
    this.#blocks = policies.flatMap(({ name, policy }) =>
      policy.blocks.filter((block) => block.fold === fold).map((block) => ({ policy: name, block })),
    )
  }

  settings(member: Member, operator: Operator): readonly Of<unknown>[] {
    return this.#blocks.flatMap(({ policy, block }) => {
      const setting: ListSetting | ValueSetting<string | boolean> = block[member] ?? {}
      const value = (setting as ListSetting)[SETTING_OF[operator]]
      return value === undefined ? [] : [{ policy, operator, value }]
    })
  }
}
