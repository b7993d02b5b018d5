import { DomainError, type Rule } from '../core/errors.ts'

/** Members and items may lie this deep; the deepest body that any API here documents has five levels. */
const DEPTH_MAX = 32

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads JSON from bytes. Refuses as `body-malformed`, naming the place: what is not UTF-8 or not JSON, nesting too deep,
 * a member `__proto__`, half a surrogate pair, the character NUL, a number beyond all bounds. `name` stands for the whole
 * in messages.
 */
export function parseJson(bytes: Uint8Array, name: string): unknown {
  const text = decode(bytes, name)
  const value = parse(text, name)
  // What is UTF-8 and JSON has NUL and half pairs only as escapes; where there are none, texts need no second look.
  const fault = findFault(value, 0, text.includes('\\u'))
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

/** Looks through a value. Goes no deeper than allowed, and puts a path together only when there is a fault to place. */
function findFault(value: unknown, depth: number, hasEscapes: boolean): Fault | undefined {
  if (typeof value === 'string') return hasEscapes ? textFault(value) : undefined
  if (typeof value === 'number') {
    const rule = { name: 'type', expected: 'a number that fits in 64 bits' } as const
    return Number.isFinite(value) ? undefined : { path: '', rule }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= DEPTH_MAX) return { path: '', rule: { name: 'depth-max', limit: DEPTH_MAX } }
  return Array.isArray(value)
    ? findFaultInItems(value, depth, hasEscapes)
    : findFaultInMembers(value as Members, depth, hasEscapes)
}

function findFaultInItems(items: readonly unknown[], depth: number, hasEscapes: boolean): Fault | undefined {
  for (let i = 0; i < items.length; i++) {
    const fault = findFault(items[i], depth + 1, hasEscapes)
    if (fault !== undefined) return { ...fault, path: `[${i}]${fault.path}` }
  }
  return undefined
}

type Members = Readonly<Record<string, unknown>>

function findFaultInMembers(members: Members, depth: number, hasEscapes: boolean): Fault | undefined {
  for (const key of Object.keys(members)) {
    if (key === '__proto__') return { path: place(depth, key), rule: { name: 'unknown-member' } }
    const fault = (hasEscapes ? textFault(key) : undefined) ?? findFault(members[key], depth + 1, hasEscapes)
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
