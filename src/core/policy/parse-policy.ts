import { DomainError, invalid, type Rule, unknownMember } from '../errors.ts'
import type { ResourceTypes } from '../resource-types.ts'
import { compareCodePoints, countCodePoints } from '../text.ts'
import { isBlank } from '../visible-text.ts'
import { resolvePolicyType } from './policy-types.ts'
import {
  foldKeyCase,
  LIST_MEMBERS,
  type ListSetting,
  OPERATORS,
  type Operator,
  POLICY_LIMITS,
  type PolicyBlock,
  type TagPolicy,
  type ValueSetting,
} from './tag-policy.ts'

/** A policy, and what its author should know about it. */
export type ParsedPolicy = { readonly policy: TagPolicy; readonly warnings: readonly PolicyWarning[] }

/** Something in a policy that is valid, but probably not meant. `field` is its path. */
export type PolicyWarning = { readonly field: string; readonly message: string }

const CHILD_OPERATORS = '@@operators_allowed_for_child_policies'
const BLOCK_MEMBERS = ['tag_key', ...LIST_MEMBERS, 'required_on_create', CHILD_OPERATORS]
/** Members that other clouds have in the same form; applying the rest without them would change what is meant. */
const FOREIGN_MEMBERS: Readonly<Record<string, string>> = {
  resource_type_scope: 'Tencent Cloud',
  correction: 'Tencent Cloud',
  auto_assign: 'Tencent Cloud',
  tag_value_dynamic: 'Tencent Cloud',
}

/**
 * Checks a tag policy, as AWS Organizations and Huawei Cloud Organizations write it, and resolves the types that it names.
 * Throws `request-invalid` with the path of the first member that is unknown or wrong.
 */
export function parsePolicy(document: unknown, types: ResourceTypes): ParsedPolicy {
  const parser = new PolicyParser(types)
  return { policy: parser.parse(document), warnings: parser.warnings }
}

class PolicyParser {
  readonly warnings: PolicyWarning[] = []
  readonly #types: ResourceTypes

  constructor(types: ResourceTypes) {
    this.#types = types
  }

  parse(document: unknown): TagPolicy {
    const root = toObject(document, 'body')
    refuseUnknown(root, '', ['tags'])
    if (root.tags === undefined) throw invalid('tags', { name: 'required' })
    const tags = toObject(root.tags, 'tags')
    const blocks: PolicyBlock[] = []
    for (const [name, value] of Object.entries(tags)) {
      if (name === CHILD_OPERATORS) continue
      const field = pathOf('tags', name)
      if (name.startsWith('@@')) throw unknownMember(field, name, [CHILD_OPERATORS])
      if (blocks.some(({ fold }) => fold === foldKeyCase(name))) throw invalid(field, { name: 'unique' }, name)
      blocks.push(this.#block(name, value, field))
    }
    if (blocks.length === 0) this.#warn('tags', 'The policy names no key and applies to nothing.')
    return { blocks, ...allowedOf(tags, 'tags') }
  }

  #block(name: string, value: unknown, field: string): PolicyBlock {
    checkLength(name, POLICY_LIMITS.keyCharacters, field)
    if (isBlank(name)) throw invalid(field, { name: 'not-blank' }, name)
    const block = toObject(value, field)
    for (const member of Object.keys(block)) {
      const cloud = Object.hasOwn(FOREIGN_MEMBERS, member) ? FOREIGN_MEMBERS[member] : undefined
      if (cloud === undefined) continue
      const path = pathOf(field, member)
      const detail = `${path}: this member of ${cloud}'s policies is not supported; remove it.`
      throw new DomainError('request-invalid', { field: path, detail })
    }
    refuseUnknown(block, field, BLOCK_MEMBERS)
    const parsed: PolicyBlock = {
      fold: foldKeyCase(name),
      ...(block.tag_key !== undefined && { tag_key: keySetting(name, block.tag_key, `${field}.tag_key`) }),
      ...(block.tag_value !== undefined && { tag_value: valuesSetting(block.tag_value, `${field}.tag_value`) }),
      ...this.#typesMember(block, 'enforced_for', field),
      ...this.#typesMember(block, 'report_required_tag_for', field),
      ...(block.required_on_create !== undefined && {
        required_on_create: flagSetting(block.required_on_create, `${field}.required_on_create`),
      }),
      ...allowedOf(block, field),
    }
    this.#warnOfBlock(parsed, field)
    return parsed
  }

  #typesMember(block: Members, member: 'enforced_for' | 'report_required_tag_for', field: string) {
    const value = block[member]
    if (value === undefined) return undefined
    const path = `${field}.${member}`
    return { [member]: listSetting(value, path, (item, at) => this.#typeSelectors(item, at)) }
  }

  #typeSelectors(item: unknown, field: string): readonly string[] {
    const text = toText(item, field)
    if (text === '*') {
      // COMPAT: neither cloud takes `*` for all services (Organizations user guides, syntax of tag policies).
      throw invalid(field, { name: 'type', expected: '"<service>:<type>" or "<service>:*"' }, text)
    }
    const { selectors, isKnown } = resolvePolicyType(this.#types, text, field)
    if (!isKnown) {
      const isService = selectors.some((selector) => selector.endsWith(':*'))
      const which = isService ? 'types whose names begin with that service' : 'resources whose type has that name'
      this.#warn(field, `${JSON.stringify(text)} is no registered type: it applies to ${which}.`)
    }
    return selectors
  }

  #warnOfBlock({ report_required_tag_for, required_on_create }: PolicyBlock, field: string): void {
    if (required_on_create?.assign === true && report_required_tag_for === undefined) {
      this.#warn(
        `${field}.required_on_create`,
        'It applies to the types of report_required_tag_for, which this policy does not name.',
      )
    }
  }

  #warn(field: string, message: string): void {
    this.warnings.push({ field, message })
  }
}

type Members = Readonly<Record<string, unknown>>

function keySetting(name: string, value: unknown, field: string): ValueSetting<string> {
  const members = toObject(value, field)
  refuseUnknown(members, field, ['@@assign', CHILD_OPERATORS])
  if (members['@@assign'] === undefined) return { ...allowedOf(members, field) }
  const path = pathOf(field, '@@assign')
  const assign = toText(members['@@assign'], path)
  if (foldKeyCase(assign) !== foldKeyCase(name)) {
    throw invalid(path, { name: 'type', expected: `the key ${JSON.stringify(name)}, in any case` }, assign)
  }
  return { assign, ...allowedOf(members, field) }
}

function flagSetting(value: unknown, field: string): ValueSetting<boolean> {
  if (typeof value === 'boolean') return { assign: value }
  const members = toObject(value, field)
  refuseUnknown(members, field, ['@@assign', CHILD_OPERATORS])
  const assign = members['@@assign']
  if (assign === undefined) return { ...allowedOf(members, field) }
  if (typeof assign !== 'boolean') {
    throw invalid(pathOf(field, '@@assign'), { name: 'type', expected: 'true or false' }, assign)
  }
  return { assign, ...allowedOf(members, field) }
}

function valuesSetting(value: unknown, field: string): ListSetting {
  return listSetting(value, field, (item, path) => {
    const text = toText(item, path)
    checkLength(text, POLICY_LIMITS.valueCharacters, path)
    if (text.split('*').length > 2) throw invalid(path, { name: 'type', expected: 'a value with at most one *' }, text)
    return [text]
  })
}

function listSetting(
  value: unknown,
  field: string,
  readItem: (item: unknown, field: string) => readonly string[],
): ListSetting {
  const members = toObject(value, field)
  refuseUnknown(members, field, [...OPERATORS, CHILD_OPERATORS])
  const list = (operator: Operator) => {
    const items = members[operator]
    if (items === undefined) return undefined
    const path = pathOf(field, operator)
    if (!Array.isArray(items)) throw invalid(path, { name: 'type', expected: 'an array' }, items)
    const all = items.flatMap((item, i) => readItem(item, `${path}[${i}]`))
    return [...new Set(all)].sort(compareCodePoints)
  }
  const [assign, append, remove] = [list('@@assign'), list('@@append'), list('@@remove')]
  return {
    ...(assign && { assign }),
    ...(append && { append }),
    ...(remove && { remove }),
    ...allowedOf(members, field),
  }
}

function allowedOf(members: Members, field: string): { readonly allowed?: readonly Operator[] } {
  const value = members[CHILD_OPERATORS]
  if (value === undefined) return {}
  const path = pathOf(field, CHILD_OPERATORS)
  if (!Array.isArray(value)) throw invalid(path, { name: 'type', expected: 'an array' }, value)
  if (value.length === 1 && value[0] === '@@none') return { allowed: [] }
  if (value.length === 1 && value[0] === '@@all') return { allowed: OPERATORS }
  for (const [i, item] of value.entries()) {
    if (OPERATORS.includes(item)) continue
    const isAlone = item === '@@none' || item === '@@all'
    const rule: Rule = isAlone
      ? { name: 'type', expected: 'the only item' }
      : { name: 'one-of', allowed: [...OPERATORS, '@@all', '@@none'] }
    throw invalid(`${path}[${i}]`, rule, item)
  }
  return { allowed: OPERATORS.filter((operator) => value.includes(operator)) }
}

function refuseUnknown(members: Members, field: string, known: readonly string[]): void {
  const unknown = Object.keys(members).find((member) => !known.includes(member))
  if (unknown !== undefined) throw unknownMember(pathOf(field, unknown), unknown, known)
}

function toObject(value: unknown, field: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  throw invalid(field, { name: 'type', expected: 'an object' }, value)
}

function toText(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw invalid(field, { name: 'type', expected: 'a string' }, value)
}

function checkLength(text: string, limit: number, field: string): void {
  const actual = countCodePoints(text)
  if (actual > limit) throw invalid(field, { name: 'characters-max', limit, actual }, text)
}

function pathOf(field: string, member: string): string {
  if (field === '') return member
  return /^[\w@-]+$/.test(member) ? `${field}.${member}` : `${field}[${JSON.stringify(member)}]`
}
