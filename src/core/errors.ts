/**
 * Every way a request of any family can fail, without words or status: each API family's `errors.ts` says how a code
 * looks there, in a table that does not compile until it is complete.
 */
export type CommonErrorCode =
  | 'route-not-found'
  | 'method-not-allowed'
  | 'url-invalid'
  | 'url-too-long'
  | 'headers-too-large'
  | 'body-too-large'
  | 'media-type-unsupported'
  | 'token-missing'
  | 'token-unreadable'
  | 'token-expired'
  | 'token-revoked'
  | 'signature-malformed'
  | 'signature-wrong'
  | 'signature-expired'
  | 'access-key-unknown'
  | 'access-key-locked'
  | 'credentials-wrong'
  | 'scope-forbidden'
  | 'action-forbidden'
  | 'body-missing'
  | 'body-malformed'
  | 'request-invalid'
  | 'action-unknown'
  | 'action-letter-case'
  | 'limit-invalid'
  | 'offset-invalid'
  | 'marker-invalid'
  | 'tag-invalid'
  | 'tag-key-repeated'
  | 'tag-quota-exceeded'
  | 'tag-not-found'
  | 'resource-id-malformed'
  | 'resource-not-found'
  | 'resource-exists'
  | 'project-not-found'
  | 'throttled'
  | 'overloaded'
  | 'unavailable'
  | 'timed-out'
  | 'internal'

/** What can go wrong with images alone. */
export type ImageErrorCode =
  | 'image-not-owned'
  | 'image-not-active'
  | 'image-not-queued'
  | 'image-protected'
  | 'attribute-not-found'
  | 'attribute-conflict'
  | 'attribute-read-only'
  | 'image-type-unknown'
  | 'image-member-exists'
  | 'image-member-not-found'
  | 'image-member-quota-exceeded'
  | 'image-owner-unclear'
  | 'job-not-found'

/** What can go wrong with predefined tags and with tags over many resource types. */
export type TagServiceErrorCode =
  | 'key-invalid'
  | 'value-invalid'
  | 'tags-missing'
  | 'tags-element-empty'
  | 'values-missing'
  | 'values-too-many'
  | 'resource-type-unknown'
  | 'project-id-invalid'
  | 'predefined-tag-quota-exceeded'
  | 'old-tag-not-found'
  | 'old-tag-missing'
  | 'old-key-invalid'
  | 'old-value-invalid'
  | 'new-tag-exists'
  | 'new-tag-missing'
  | 'new-key-invalid'
  | 'new-value-invalid'
  | 'order-field-invalid'
  | 'order-method-invalid'

/** What can go wrong with databases alone. */
export type DatabaseErrorCode = 'job-not-found'

/** What can go wrong with accounts. */
export type AccountErrorCode =
  | 'subject-token-not-found'
  | 'name-taken'
  | 'password-weak'
  | 'policy-invalid'
  | 'account-quota-exceeded'
  | 'role-quota-exceeded'
  | 'role-in-use'
  | 'project-in-use'
  | 'last-administrator'

export type ErrorCode = CommonErrorCode | ImageErrorCode | DatabaseErrorCode | TagServiceErrorCode | AccountErrorCode

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
  /** What the message goes on with when no field is at fault, such as the canonical form of a signed request. */
  readonly detail?: string
  /** True for a failure that was asked for, to see how clients take it. */
  readonly isInjected?: boolean
  /** Methods that the path would have taken. */
  readonly allowedMethods?: readonly string[]
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
