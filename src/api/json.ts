import { DomainError, type Rule } from '../core/errors.ts'

/** Members and items may lie this deep; the deepest body that any API here documents has five levels. */
const DEPTH_MAX = 32

const NUMBER_RULE: Rule = { name: 'type', expected: 'a number that fits in 64 bits' }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads JSON from bytes. Refuses as `body-malformed`, naming the place: what is not UTF-8 or not JSON, nesting too deep,
 * a member `__proto__`, half a surrogate pair, the character NUL, a number beyond all bounds. `name` stands for the whole
 * in messages.
 */
export function parseJson(bytes: Uint8Array, name: string): unknown {
  const text = decode(bytes, name)
  const value = parse(text, name)
  // A bad character can only come by such an escape: as it is, the readers before have refused it.
  const mayHoldBadTexts = text.includes('\\u') || text.includes('__proto__')
  const fault = findFault(value, 0, mayHoldBadTexts)
  if (fault !== undefined) {
    const { path, rule, value: offending } = fault
    throw new DomainError('body-malformed', { field: path || name, rule, ...(offending && { value: offending }) })
  }
  return value
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw malformed(name, 'UTF-8')
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // The engine's words go on to quote the text around the fault, in which there may be a password.
    throw malformed(name, `JSON: ${(error as Error).message.replace(/, (\.\.\.)?".*$/s, '')}`)
  }
}

function malformed(field: string, what: string): DomainError {
  return new DomainError('body-malformed', { field, rule: { name: 'well-formed', what } })
}

/** `path` is empty for the whole, `[0]` for its first item, `.a` for its member a; `value` is the text at fault. */
type Fault = { readonly path: string; readonly rule: Rule; readonly value?: string }

/**
 * Looks through a value; through its texts only where that is asked. Goes no deeper than allowed, and puts a path together
 * only when there is a fault to place.
 */
function findFault(value: unknown, depth: number, inTexts: boolean): Fault | undefined {
  if (typeof value === 'string') return inTexts ? textFault(value) : undefined
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path: '', rule: NUMBER_RULE }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= DEPTH_MAX) return { path: '', rule: { name: 'depth-max', limit: DEPTH_MAX } }
  return Array.isArray(value) ? findFaultInItems(value, depth, inTexts) : findFaultInMembers(value, depth, inTexts)
}

function findFaultInItems(items: readonly unknown[], depth: number, inTexts: boolean): Fault | undefined {
  for (let i = 0; i < items.length; i++) {
    const fault = findFault(items[i], depth + 1, inTexts)
    if (fault !== undefined) return { ...fault, path: `[${i}]${fault.path}` }
  }
  return undefined
}

function findFaultInMembers(members: object, depth: number, inTexts: boolean): Fault | undefined {
  // Not by entries: that makes two arrays for each member of each line of an import.
  for (const key in members) {
    if (inTexts && key === '__proto__') return { path: place(depth, key), rule: { name: 'unknown-member' } }
    const member = (members as Readonly<Record<string, unknown>>)[key]
    const fault = (inTexts ? textFault(key) : undefined) ?? findFault(member, depth + 1, inTexts)
    if (fault !== undefined) return { ...fault, path: place(depth, key) + fault.path }
  }
  return undefined
}

/** A member's part of a path; the first part of all stands without a dot. */
function place(depth: number, key: string): string {
  return depth === 0 ? key : `.${key}`
}

function textFault(text: string): Fault | undefined {
  const rule = textRule(text)
  return rule === undefined ? undefined : { path: '', rule, value: text }
}

function textRule(text: string): Rule | undefined {
  if (!text.isWellFormed()) return { name: 'well-formed', what: 'Unicode text without half surrogate pairs' }
  if (text.includes('\0')) return { name: 'characters', allowed: 'characters other than NUL (U+0000)' }
  return undefined
}
