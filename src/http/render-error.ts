import { describeFacts, type Language } from '../api/error-text.ts'
import { type RequestIdentity, renderGatewayError } from '../api/gateway-errors.ts'
import type { Family } from '../api/route.ts'
import { DomainError, type Rule } from '../core/errors.ts'
import { toVisibleLines } from '../core/visible-text.ts'
import { StoreUnavailable, unavailable } from '../store/store.ts'

/** Status, serialized body and headers of an error response. */
export type RenderedError = {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Renders an error in a family's format. */
export function renderError(
  family: Family,
  { code, facts }: DomainError<string>,
  request: RequestIdentity,
  language: Language,
): RenderedError {
  // Only a defect throws a code that the family's table lacks.
  const entry = family.errors[code] ?? family.errors.internal
  const text = language === 'zh-cn' && entry.messageZh !== undefined ? entry.messageZh : entry.message
  // Only the gateway's message for an expired token ends in the time of expiry.
  const expiredAt = entry.envelope === 'gateway' ? facts.expiredAt : undefined
  // The canonical form of a signed request has several lines.
  const detail = toVisibleLines(expiredAt ?? facts.detail ?? describeFacts(facts, language))
  const message = detail === '' ? text : `${text} ${detail}`
  const body =
    entry.envelope === 'gateway'
      ? renderGatewayError(entry, message, request)
      : family.renderError(entry, message, facts)
  return {
    status: entry.status,
    body: JSON.stringify(body),
    headers: {
      ...(facts.retryAfterSeconds === undefined ? {} : { 'retry-after': String(facts.retryAfterSeconds) }),
      ...(facts.allowedMethods === undefined ? {} : { allow: facts.allowedMethods.join(', ') }),
      ...(facts.acceptedEncodings === undefined ? {} : { 'accept-encoding': facts.acceptedEncodings.join(', ') }),
      ...(facts.isInjected ? { 'x-tagwerk-fault': code } : {}),
      // The rest of an oversized body is not read, so the connection cannot be reused.
      ...(code === 'body-too-large' ? { connection: 'close' } : {}),
    },
  }
}

/** The language of a response: that of `X-Language` if the family supports it, otherwise English (contract D14). */
export function languageOf(family: Family, header: string | string[] | undefined): Language {
  return family.languages.find((language) => language === String(header).toLowerCase()) ?? 'en-us'
}

/**
 * Converts any error to one that clients may see: `unavailable` for a failure of the store, and `internal` without any
 * detail for a defect.
 */
export function toDomainError(error: unknown): DomainError<string> {
  if (error instanceof DomainError) return error
  if (error instanceof StoreUnavailable) return unavailable(error)
  return new DomainError('internal')
}

/** Removes the invalid value, and any character of it, from an error's facts. */
export function withoutValue(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  const { value: _value, rule, ...facts } = error.facts
  if (rule === undefined) return new DomainError<string>(error.code, facts)
  const { found: _found, ...ruleAlone } = rule as Rule & { found?: unknown }
  return new DomainError<string>(error.code, { ...facts, rule: ruleAlone as Rule })
}
