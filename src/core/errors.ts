import { similarName } from './similar-name.ts'

/**
 * Codes of failures that can occur in every API family. A code has no status and no message: each family's `errors.ts`
 * maps it to both, in a table that does not compile until it has an entry for each code.
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
  | 'limit-invalid'
  | 'offset-invalid'
  | 'marker-invalid'
  | 'tag-invalid'
  | 'tag-key-repeated'
  | 'tag-quota-exceeded'
  | 'project-quota-exceeded'
  /** A change sets a tag that a tag policy forbids, or lacks a key that it requires. */
  | 'tag-policy-violated'
  | 'tag-not-found'
  | 'resource-not-found'
  | 'resource-exists'
  /** A revision above the present one. */
  | 'revision-unknown'
  /** A revision whose state is no longer kept. */
  | 'revision-gone'
  | 'throttled'
  | 'overloaded'
  | 'unavailable'
  | 'timed-out'
  | 'internal'

/** Codes of the rules for accounts. `src/iam` throws them; the account service and Tagwerk's own API answer with them. */
export type AccountErrorCode =
  | 'name-taken'
  | 'password-weak'
  | 'policy-invalid'
  | 'account-quota-exceeded'
  | 'domain-quota-exceeded'
  | 'role-quota-exceeded'
  | 'role-in-use'
  | 'project-in-use'
  | 'last-administrator'

/** Codes that modules shared by the families throw. A family adds codes of its own in `api/<family>/error-codes.ts`. */
export type ErrorCode = CommonErrorCode | AccountErrorCode

/** The rule that a value breaks. `limit` is the bound that applies, `actual` the value's own length. */
export type Rule =
  | { readonly name: 'required' }
  /** `similar` is the known name that was probably meant. */
  | { readonly name: 'unknown-member'; readonly similar?: string | undefined }
  | { readonly name: 'unknown-parameter'; readonly similar?: string | undefined; readonly known: readonly string[] }
  | { readonly name: 'type'; readonly expected: string }
  | { readonly name: 'one-of'; readonly allowed: readonly string[] }
  /** `similar` is the known type that was probably meant. */
  | { readonly name: 'resource-type'; readonly similar?: string | undefined }
  | { readonly name: 'not-blank' }
  /** `found` is the first character that is not allowed, with its position in characters from 1. */
  | { readonly name: 'characters'; readonly allowed: string; readonly found?: FoundCharacter | undefined }
  | { readonly name: 'characters-min'; readonly limit: number }
  | { readonly name: 'characters-max'; readonly limit: number; readonly actual: number }
  | { readonly name: 'bytes-max'; readonly limit: number }
  | { readonly name: 'number-min'; readonly limit: number }
  | { readonly name: 'number-max'; readonly limit: number }
  | { readonly name: 'items-min'; readonly limit: number }
  | { readonly name: 'items-max'; readonly limit: number }
  | { readonly name: 'depth-max'; readonly limit: number }
  /** `earlierLine` is the line of an import that has the same resource with other data. */
  | { readonly name: 'unique'; readonly earlierLine?: number }
  /** The tag has the same key as the earlier tag `first`. */
  | { readonly name: 'unique-key'; readonly key: string; readonly first: string }
  /** The path names an object that does not exist. */
  | { readonly name: 'exists' }
  /** Of several possible values only `supported` is implemented; `given` is another possible one. */
  | { readonly name: 'supported'; readonly supported: string; readonly given?: string | undefined }
  /** An expression is not accepted from a character on, counted from 1. */
  | { readonly name: 'expression'; readonly position: number; readonly expected: string }
  | { readonly name: 'well-formed'; readonly what: string }
  /** A tag policy requires the key. */
  | { readonly name: 'policy-requires' }
  /** A tag policy has the key in another case. */
  | { readonly name: 'policy-spells'; readonly key: string }
  /** A tag policy allows only these values. */
  | { readonly name: 'policy-allows'; readonly values: readonly string[] }

/** A character of a text. */
export type FoundCharacter = { readonly character: string; readonly position: number }

/** Details of a failure: which field, which rule, which value. */
export type Facts = {
  /** Path of the field in the request, such as `tags[0].key`. */
  readonly field?: string
  readonly rule?: Rule
  /** The offending value. Messages show it shortened. */
  readonly value?: unknown
  /** Seconds to wait before a retry; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number
  /** When the token expired, RFC 3339. */
  readonly expiredAt?: string
  /** Text appended to the message instead of field and rule, such as the canonical form of a signed request. */
  readonly detail?: string
  /** The action that the caller may not perform. */
  readonly action?: string
  /** True: a policy denies the action, which other policies may allow. */
  readonly isDenied?: boolean
  /** The kind of scope that the call needs, where the caller's credentials have the other kind. */
  readonly neededScope?: 'domain' | 'project'
  /** Name of the caller's domain. */
  readonly domainName?: string
  /** True for an error that fault injection made. */
  readonly isInjected?: boolean
  /** Methods that the path supports; sent as `Allow`. */
  readonly allowedMethods?: readonly string[]
  /** Content encodings that the call reads; sent as `Accept-Encoding`. */
  readonly acceptedEncodings?: readonly string[]
  /** Members of the error body that only this failure has, in Tagwerk's own API. */
  readonly members?: Readonly<Record<string, unknown>>
  /** Revision of the project at which the request was refused. */
  readonly revision?: number
  /** The oldest revision of the project whose state is kept. */
  readonly horizon?: number
}

/**
 * A failure that is reported to the caller by its code. Any other error thrown while a request is handled is a defect
 * of the service.
 *
 * The code is not inferred from the argument: without a type argument it has to be an `ErrorCode`, and a family names
 * its own, as in `new DomainError<ImsErrorCode>('image-protected')`. A misspelt code does not compile.
 */
export class DomainError<Code extends string = ErrorCode> extends Error {
  readonly code: Code
  readonly facts: Facts

  constructor(code: NoInfer<Code>, facts: Facts = {}) {
    super(code)
    this.name = 'DomainError'
    this.code = code
    this.facts = facts
  }
}

/** Makes the error for a field that breaks a rule; `request-invalid` unless a code is given. */
export function invalid(field: string, rule: Rule, value?: unknown): DomainError
export function invalid<Code extends string = ErrorCode>(
  field: string,
  rule: Rule,
  value: unknown,
  code: NoInfer<Code>,
): DomainError<Code>
export function invalid(field: string, rule: Rule, value?: unknown, code = 'request-invalid'): DomainError<string> {
  return new DomainError<string>(code, { field, rule, ...(value === undefined ? {} : { value }) })
}

/** Makes the error for a query parameter that is not known, with the most similar known name as a hint. */
export function unknownParameter(name: string, known: readonly string[]): DomainError {
  return invalid(name, { name: 'unknown-parameter', similar: similarName(name, known), known })
}

/** Makes the rule for a text with characters that are not allowed. `pattern` matches every start of an allowed text. */
export function charactersRule(text: string, pattern: RegExp, allowed: string): Rule {
  let start = ''
  let position = 0
  for (const character of text) {
    start += character
    position++
    if (!pattern.test(start)) return { name: 'characters', allowed, found: { character, position } }
  }
  return { name: 'characters', allowed }
}

/** Makes the error for a member that is not known, with the most similar known name as a hint. */
export function unknownMember(field: string, name: string, known: readonly string[]): DomainError {
  return invalid(field, { name: 'unknown-member', similar: similarName(name, known) })
}

/** Makes the error for a resource that does not exist in a project at a revision. */
export function resourceNotFound(id: string, revision: number): DomainError {
  return new DomainError('resource-not-found', { field: 'id', rule: { name: 'exists' }, value: id, revision })
}

/** Makes the error for a revision above the last one of the project. */
export function revisionUnknown(field: string, revision: number, last: number): DomainError {
  const facts = { field, rule: { name: 'number-max', limit: last }, value: revision, revision: last } as const
  return new DomainError('revision-unknown', facts)
}

/** Makes the error for a revision or a time whose state is no longer kept. */
export function revisionGone(field: string, value: number | string, horizon: number, last: number): DomainError {
  const detail = `${field}: the oldest revision that is kept is ${horizon} (got ${JSON.stringify(value)}).`
  return new DomainError('revision-gone', { field, detail, horizon, revision: last })
}
