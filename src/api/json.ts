import { charactersRule, DomainError, type Rule } from '../core/errors.ts'
import { countMembersInText, findRepeatedMember } from './repeated-member.ts'

/** Nesting limit. The deepest body that an API here documents has five levels. */
const DEPTH_MAX = 32

const NUMBER_RULE: Rule = { name: 'type', expected: 'a number that fits in 64 bits' }

const NO_NUL = /^[^\0]*$/

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Parses JSON from bytes. Throws `body-malformed` with the path of the fault for: invalid UTF-8, invalid JSON, nesting
 * that is too deep, a member twice in one object (contract D36), a member `__proto__`, an unpaired surrogate, the
 * character NUL, a number that overflows. `name` is the name of the whole value in messages.
 */
export function parseJson(bytes: Uint8Array, name: string): unknown {
  const text = decode(bytes, name)
  const value = parse(text, name)
  // Strings need no scan otherwise: an unpaired surrogate or NUL that is not escaped fails in the decoder or the
  // parser.
  const mayHaveBadStrings = text.includes('\\u') || text.includes('__proto__')
  memberCount = 0
  const fault = findFault(value, 0, mayHaveBadStrings) ?? repeatedMember(text)
  if (fault !== undefined) {
    const { path, rule, value: offending } = fault
    throw new DomainError('body-malformed', { field: path || name, rule, ...(offending && { value: offending }) })
  }
  return value
}

/** Members of the value that `findFault` has searched last. Synchronous, so no two searches overlap. */
let memberCount = 0

/** The fault of a member that its object has twice: of these, the parser has kept the last only. */
function repeatedMember(text: string): Fault | undefined {
  if (countMembersInText(text) === memberCount) return undefined
  return { path: findRepeatedMember(text) ?? '', rule: { name: 'unique' } }
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
    // V8's message ends with an excerpt of the text, which may contain a password.
    throw malformed(name, `JSON: ${(error as Error).message.replace(/, (\.\.\.)?".*$/s, '')}`)
  }
}

function malformed(field: string, what: string): DomainError {
  return new DomainError('body-malformed', { field, rule: { name: 'well-formed', what } })
}

/** `path` is relative to the value searched: empty for itself, `[0]` for an item, `.a` for a member. */
type Fault = { readonly path: string; readonly rule: Rule; readonly value?: string }

/**
 * Searches a value for the first fault; strings only with `inStrings`. Recursion ends at the nesting limit, and the
 * path is built only on the way back from a fault.
 */
function findFault(value: unknown, depth: number, inStrings: boolean): Fault | undefined {
  if (typeof value === 'string') return inStrings ? stringFault(value) : undefined
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path: '', rule: NUMBER_RULE }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= DEPTH_MAX) return { path: '', rule: { name: 'depth-max', limit: DEPTH_MAX } }
  return Array.isArray(value) ? findFaultInItems(value, depth, inStrings) : findFaultInMembers(value, depth, inStrings)
}

function findFaultInItems(items: readonly unknown[], depth: number, inStrings: boolean): Fault | undefined {
  for (let i = 0; i < items.length; i++) {
    const fault = findFault(items[i], depth + 1, inStrings)
    if (fault !== undefined) return { ...fault, path: `[${i}]${fault.path}` }
  }
  return undefined
}

function findFaultInMembers(members: object, depth: number, inStrings: boolean): Fault | undefined {
  // `Object.entries` would allocate an array per member, for each line of an import.
  for (const key in members) {
    memberCount++
    if (inStrings && key === '__proto__') return { path: segment(depth, key), rule: { name: 'unknown-member' } }
    const member = (members as Readonly<Record<string, unknown>>)[key]
    const fault = (inStrings ? stringFault(key) : undefined) ?? findFault(member, depth + 1, inStrings)
    if (fault !== undefined) return { ...fault, path: segment(depth, key) + fault.path }
  }
  return undefined
}

/** The path segment of a member. The first segment has no dot. */
function segment(depth: number, key: string): string {
  return depth === 0 ? key : `.${key}`
}

function stringFault(text: string): Fault | undefined {
  const rule = stringRule(text)
  return rule === undefined ? undefined : { path: '', rule, value: text }
}

function stringRule(text: string): Rule | undefined {
  if (!text.isWellFormed()) return { name: 'well-formed', what: 'Unicode text without half surrogate pairs' }
  if (text.includes('\0')) return charactersRule(text, NO_NUL, 'characters other than NUL (U+0000)')
  return undefined
}
