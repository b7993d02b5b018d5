import { charactersRule, DomainError, invalid } from '../../core/errors.ts'
import type { Edit, Expectation } from '../../core/resource-edit.ts'
import type { Tag, TagRules } from '../../core/tag.ts'
import type { ImsErrorCode } from './error-codes.ts'
import { checkAttributeName, isBaseAttribute, isReplaceable, readOnly, toAttributeValue } from './image-attributes.ts'
import { textsToTags } from './tag-text.ts'

/** One step of a patch, on one attribute. */
export type PatchStep = { readonly op: PatchOp; readonly path: string; readonly value?: unknown }

const NO_CAPITALS = /^\P{Lu}*$/u

export const PATCH_OPS = ['add', 'replace', 'remove'] as const

type PatchOp = (typeof PATCH_OPS)[number]

/** The rules in which the two patch calls differ. */
export type PatchRules = {
  /** The attribute names that are allowed. */
  readonly names: 'any' | 'without capitals'
  /** The error for replacing or removing an absent attribute. */
  readonly orElse: Extract<ImsErrorCode, 'attribute-not-found' | 'attribute-conflict'>
  /** A step that sets the owner to this project is a no-op. */
  readonly owner?: string
}

/** Parses the steps of `application/openstack-images-v2.0-json-patch`: `{"replace":"/name","value":"x"}`. */
export function toSteps(items: readonly Readonly<Record<string, unknown>>[]): readonly PatchStep[] {
  return items.map((item, i) => {
    const ops = PATCH_OPS.filter((op) => item[op] !== undefined)
    const [op] = ops
    if (op === undefined) throw invalid(`[${i}].replace`, { name: 'required' })
    if (ops.length > 1) throw invalid(`[${i}].${ops[1]}`, { name: 'unknown-member' })
    const path = item[op]
    if (typeof path !== 'string') throw invalid(`[${i}].${op}`, { name: 'type', expected: 'a string' }, path)
    return { op, path, ...('value' in item && { value: item.value }) }
  })
}

/**
 * Compiles a patch to one atomic edit, its steps in order. Throws `request-invalid` for an invalid path or value,
 * `attribute-read-only`, `orElse` of the rules for an attribute that an earlier step removed, and errors of
 * `textsToTags`. The edit checks inside the transaction whether an attribute exists.
 */
export function toEdit(steps: readonly PatchStep[], rules: TagRules, patchRules: PatchRules): Edit {
  const edit = new EditBuilder(rules, patchRules.orElse)
  for (const [i, step] of steps.entries()) {
    const isOwner = step.path === '/owner' && step.op !== 'remove'
    if (isOwner && step.value !== undefined && step.value === patchRules.owner) continue
    const name = toName(step.path, `[${i}].path`, patchRules.names)
    if (step.op === 'remove') edit.remove(name, `[${i}].path`)
    else if (step.value === undefined) throw invalid(`[${i}].value`, { name: 'required' })
    else edit.put(name, step.value, step.op, i)
  }
  return edit.build()
}

/** Collects the effect of the steps so far: the new value of each attribute, undefined where it was removed. */
class EditBuilder {
  readonly #rules: TagRules
  readonly #orElse: PatchRules['orElse']
  readonly #attributes = new Map<string, unknown>()
  readonly #expectations = new Map<string, Expectation>()
  #name: string | undefined
  #tags: readonly Tag[] | undefined

  constructor(rules: TagRules, orElse: PatchRules['orElse']) {
    this.#rules = rules
    this.#orElse = orElse
  }

  put(name: string, value: unknown, op: PatchOp, index: number): void {
    const field = `[${index}].value`
    if (name === 'tags') {
      this.#tags = textsToTags(toTexts(value, field), this.#rules, field)
      return
    }
    const stored = toAttributeValue(name, value, field)
    if (name === 'name') {
      this.#name = stored as string
      return
    }
    if (op === 'replace' && !isReplaceable(name)) this.#expectPresent(name, `[${index}].path`)
    this.#attributes.set(name, stored)
  }

  remove(name: string, field: string): void {
    if (isBaseAttribute(name)) throw readOnly(field, name)
    this.#expectPresent(name, field)
    this.#attributes.set(name, undefined)
  }

  build(): Edit {
    const entries = [...this.#attributes]
    return {
      expect: [...this.#expectations.values()],
      set: Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
      unset: entries.filter(([, value]) => value === undefined).map(([name]) => name),
      ...(this.#name !== undefined && { name: this.#name }),
      ...(this.#tags !== undefined && { tags: this.#tags }),
    }
  }

  /** Requires an attribute that no earlier step touched to exist when the edit is applied. */
  #expectPresent(name: string, field: string): void {
    if (!this.#attributes.has(name)) {
      this.#expectations.set(name, { member: name, is: 'present', orElse: this.#orElse, field })
    } else if (this.#attributes.get(name) === undefined) {
      throw new DomainError<ImsErrorCode>(this.#orElse, { field, rule: { name: 'required' } })
    }
  }
}

/** Parses a JSON pointer to an attribute: one level deep, `~1` for a slash and `~0` for a tilde. */
function toName(path: string, field: string, names: PatchRules['names']): string {
  if (!/^\/([^/~]|~[01])+$/.test(path)) {
    throw invalid(field, { name: 'well-formed', what: 'a "/" and the name of an attribute' }, path)
  }
  const name = path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
  if (names === 'without capitals' && !NO_CAPITALS.test(name)) {
    throw invalid(field, charactersRule(path, NO_CAPITALS, 'characters other than capital letters'), path)
  }
  checkAttributeName(name, field)
  return name
}

function toTexts(value: unknown, field: string): readonly string[] {
  if (!Array.isArray(value)) throw invalid(field, { name: 'type', expected: 'an array' }, value)
  const index = value.findIndex((item) => typeof item !== 'string')
  if (index !== -1) throw invalid(`${field}[${index}]`, { name: 'type', expected: 'a string' }, value[index])
  return value
}
