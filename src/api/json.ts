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
  const value = parse(decode(bytes, name), name)
  const fault = findFault(value, name)
  if (fault !== undefined) throw new DomainError('body-malformed', fault)
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
    throw malformed(name, `JSON: ${(error as Error).message}`)
  }
}

function malformed(field: string, what: string): DomainError {
  return new DomainError('body-malformed', { field, rule: { name: 'well-formed', what } })
}

type Fault = { readonly field: string; readonly rule: Rule; readonly value?: unknown }

/** Walks the value with a list of its own instead of recursion, so that no nesting can exhaust the stack. */
function findFault(root: unknown, name: string): Fault | undefined {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: name, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next
    if (typeof value === 'string') {
      const rule = textRule(value)
      if (rule !== undefined) return { field: path, rule, value }
    } else if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      return { field: path, rule: { name: 'type', expected: 'a number that fits in 64 bits' } }
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= DEPTH_MAX) return { field: name, rule: { name: 'depth-max', limit: DEPTH_MAX } }
      for (const [key, member] of Object.entries(value)) {
        const memberPath = Array.isArray(value) ? `${path}[${key}]` : path === name ? key : `${path}.${key}`
        if (key === '__proto__') return { field: memberPath, rule: { name: 'unknown-member' } }
        const rule = textRule(key)
        if (rule !== undefined) return { field: path, rule, value: key }
        open.push({ value: member, path: memberPath, depth: depth + 1 })
      }
    }
  }
  return undefined
}

function textRule(text: string): Rule | undefined {
  if (!text.isWellFormed()) return { name: 'well-formed', what: 'Unicode text without half surrogate pairs' }
  if (text.includes('\0')) return { name: 'characters', allowed: 'characters other than NUL (U+0000)' }
  return undefined
}
