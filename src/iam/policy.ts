import { type DomainError, invalid, type Rule } from '../core/errors.ts'
import { countCodePoints } from '../core/text.ts'

/** A policy in the vendor's JSON form (OTC IAM API, "Creating a Custom Policy for Cloud Services"). */
export type PolicyDocument = {
  readonly Version: '1.0' | '1.1'
  readonly Statement: readonly PolicyStatement[]
}

export type PolicyStatement = {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: readonly string[]
  readonly Resource?: readonly string[]
}

/** A compiled policy: its action patterns in lower case. Shared by all of its users, so immutable. */
export type Policy = { readonly allows: readonly string[]; readonly denies: readonly string[] }

/** The decision about an action. A Deny overrides every Allow; `unmentioned` when no statement matches. */
export type Decision = 'allowed' | 'denied' | 'unmentioned'

const STATEMENTS_MAX = 8
const ACTIONS_MAX = 100
const ACTION_CHARACTERS_MAX = 128
const DOCUMENT_CHARACTERS_MAX = 6144

/** `service:resource:operation`, the service in lower case; each part may contain `*` wildcards. */
const ACTION = /^[a-z0-9*_-]+:[a-zA-Z0-9*_-]+:[a-zA-Z0-9*_-]+$/

/**
 * Validates a policy of a request; `field` is its path in the body. Throws `policy-invalid`, also for every unsupported
 * member: ignoring a restriction would grant more than the policy says.
 */
export function parsePolicy(value: unknown, field: string): PolicyDocument {
  const policy = members(value, field, ['Version', 'Statement'])
  oneOf(policy.Version, `${field}.Version`, ['1.0', '1.1'])
  const statements = items(policy.Statement, `${field}.Statement`, STATEMENTS_MAX)
  statements.forEach((statement, i) => {
    checkStatement(statement, `${field}.Statement[${i}]`)
  })
  const characters = countCodePoints(JSON.stringify(value))
  if (characters > DOCUMENT_CHARACTERS_MAX) {
    throw bad(field, { name: 'characters-max', limit: DOCUMENT_CHARACTERS_MAX, actual: characters })
  }
  return value as PolicyDocument
}

function checkStatement(value: unknown, field: string): void {
  const statement = members(value, field, ['Effect', 'Action', 'Resource'])
  oneOf(statement.Effect, `${field}.Effect`, ['Allow', 'Deny'])
  items(statement.Action, `${field}.Action`, ACTIONS_MAX).forEach((action, i) => {
    checkAction(action, `${field}.Action[${i}]`)
  })
  if (statement.Resource === undefined) return
  items(statement.Resource, `${field}.Resource`, ACTIONS_MAX).forEach((resource, i) => {
    // Decisions consider actions only, so a statement for some resources would apply to all of them.
    oneOf(resource, `${field}.Resource[${i}]`, ['*', '*:*:*:*:*'])
  })
}

function checkAction(action: unknown, field: string): void {
  if (typeof action !== 'string') throw bad(field, { name: 'type', expected: 'a string' }, action)
  const actual = countCodePoints(action)
  if (actual > ACTION_CHARACTERS_MAX) {
    throw bad(field, { name: 'characters-max', limit: ACTION_CHARACTERS_MAX, actual }, action)
  }
  if (!ACTION.test(action)) {
    throw bad(
      field,
      { name: 'well-formed', what: 'service:resource:operation, each part with stars or without' },
      action,
    )
  }
}

function members(value: unknown, field: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(field, { name: 'type', expected: 'an object' }, value)
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw bad(`${field}.${unknown}`, { name: 'unknown-member' })
  return value as Readonly<Record<string, unknown>>
}

function items(value: unknown, field: string, max: number): readonly unknown[] {
  if (value === undefined) throw bad(field, { name: 'required' })
  if (!Array.isArray(value)) throw bad(field, { name: 'type', expected: 'an array' }, value)
  if (value.length === 0) throw bad(field, { name: 'items-min', limit: 1 }, value)
  if (value.length > max) throw bad(field, { name: 'items-max', limit: max }, value)
  return value
}

function oneOf(value: unknown, field: string, allowed: readonly string[]): void {
  if (value === undefined) throw bad(field, { name: 'required' })
  if (typeof value !== 'string' || !allowed.includes(value)) throw bad(field, { name: 'one-of', allowed }, value)
}

function bad(field: string, rule: Rule, value?: unknown): DomainError {
  return invalid(field, rule, value, 'policy-invalid')
}

/** Compiles a validated policy. */
export function compilePolicy({ Statement }: PolicyDocument): Policy {
  const patternsOf = (effect: PolicyStatement['Effect']) => {
    const actions = Statement.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action)
    return [...new Set(actions.map((action) => action.toLowerCase()))]
  }
  return { allows: patternsOf('Allow'), denies: patternsOf('Deny') }
}

/** Evaluates policies for an action, case-insensitively. */
export function decide(policies: readonly Policy[], action: string): Decision {
  const text = action.toLowerCase()
  const matchesAction = (pattern: string) => matches(pattern, text)
  if (policies.some(({ denies }) => denies.some(matchesAction))) return 'denied'
  return policies.some(({ allows }) => allows.some(matchesAction)) ? 'allowed' : 'unmentioned'
}

function matches(pattern: string, action: string): boolean {
  // `*:*:*` matches every action, also one without three parts.
  if (isStarsOnly(pattern)) return true
  let p = 0
  let a = 0
  for (;;) {
    const pEnd = endOfPart(pattern, p)
    const aEnd = endOfPart(action, a)
    if (!partMatches(pattern, p, pEnd, action, a, aEnd)) return false
    if (pEnd === pattern.length || aEnd === action.length) return pEnd === pattern.length && aEnd === action.length
    p = pEnd + 1
    a = aEnd + 1
  }
}

function isStarsOnly(pattern: string): boolean {
  for (const character of pattern) if (character !== '*' && character !== ':') return false
  return true
}

function endOfPart(text: string, start: number): number {
  const colon = text.indexOf(':', start)
  return colon < 0 ? text.length : colon
}

/**
 * Matches one part of a pattern against one part of an action, in place. Greedy wildcard matching that backtracks to the
 * last star only, so its time is bounded by the product of the lengths and no pattern is exponential.
 */
function partMatches(
  pattern: string,
  from: number,
  pEnd: number,
  action: string,
  start: number,
  aEnd: number,
): boolean {
  let p = from
  let a = start
  let star = -1
  let resume = 0
  while (a < aEnd) {
    if (p < pEnd && pattern[p] === '*') {
      star = p++
      resume = a
    } else if (p < pEnd && pattern[p] === action[a]) {
      p++
      a++
    } else if (star >= 0) {
      p = star + 1
      a = ++resume
    } else return false
  }
  while (p < pEnd && pattern[p] === '*') p++
  return p === pEnd
}
