/**
 * Every way a request can fail, without words or status: each API family's `errors.ts` says how a code
 * looks there, in a table that does not compile until it is complete.
 */
export type ErrorCode =
  | 'route-not-found'
  | 'url-invalid'
  | 'url-too-long'
  | 'headers-too-large'
  | 'body-too-large'
  | 'media-type-unsupported'
  | 'token-missing'
  | 'signature-unsupported'
  | 'token-unreadable'
  | 'token-expired'
  | 'token-revoked'
  | 'credentials-wrong'
  | 'scope-forbidden'
  | 'action-forbidden'
  | 'body-missing'
  | 'body-malformed'
  | 'request-invalid'
  | 'action-unknown'
  | 'limit-invalid'
  | 'offset-invalid'
  | 'tag-invalid'
  | 'tag-quota-exceeded'
  | 'resource-id-malformed'
  | 'resource-not-found'
  | 'project-not-found'
  | 'subject-token-not-found'
  | 'overloaded'
  | 'unavailable'
  | 'timed-out'
  | 'internal'

/** The rule that a value broke. Numbers are the limit that applied; `actual` is what was found. */
export type Rule =
  | { readonly name: 'required' }
  | { readonly name: 'unknown-member' }
  | { readonly name: 'type'; readonly expected: string }
  | { readonly name: 'one-of'; readonly allowed: readonly string[] }
  | { readonly name: 'not-blank' }
  | { readonly name: 'characters'; readonly allowed: string }
  | { readonly name: 'characters-min'; readonly limit: number }
  | { readonly name: 'characters-max'; readonly limit: number; readonly actual: number }
  | { readonly name: 'bytes-max'; readonly limit: number }
  | { readonly name: 'number-min'; readonly limit: number }
  | { readonly name: 'number-max'; readonly limit: number }
  | { readonly name: 'items-min'; readonly limit: number }
  | { readonly name: 'items-max'; readonly limit: number }
  | { readonly name: 'depth-max'; readonly limit: number }
  | { readonly name: 'unique' }
  | { readonly name: 'well-formed'; readonly what: string }

/** What is known about a failure: which field, which rule, which value. */
export type Facts = {
  /** Path of the field as the caller wrote it, such as `tags[0].key`. */
  readonly field?: string
  readonly rule?: Rule
  /** The offending value; shown to the caller shortened. */
  readonly value?: unknown
  /** Seconds after which another try makes sense. */
  readonly retryAfterSeconds?: number
  /** The moment a token expired, RFC 3339. */
  readonly expiredAt?: string
  /** Revision of the project that the failure was judged at. */
  readonly revision?: number
}

/** A failure with a meaning to the caller. Anything else that is thrown is a defect of ours. */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly facts: Facts

  constructor(code: ErrorCode, facts: Facts = {}) {
    super(code)
    this.name = 'DomainError'
    this.code = code
    this.facts = facts
  }
}

/** Shorthand for the most common failure: a field that breaks a rule. */
export function invalid(field: string, rule: Rule, value?: unknown, code: ErrorCode = 'request-invalid'): DomainError {
  return new DomainError(code, { field, rule, ...(value === undefined ? {} : { value }) })
}
