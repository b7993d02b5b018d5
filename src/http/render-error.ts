import { describeFacts, type Language } from '../api/error-text.ts'
import { renderGatewayError } from '../api/gateway-errors.ts'
import type { Family } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import { StoreUnavailable } from '../store/store.ts'

/** An error as it goes out. */
export type RenderedError = {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Puts a failure in a family's words. */
export function renderError(
  family: Family,
  { code, facts }: DomainError,
  requestId: string,
  language: Language,
): RenderedError {
  // A code that a family does not know is thrown only by a defect.
  const entry = family.errors[code] ?? family.errors.internal
  const words = language === 'zh-cn' && entry.messageZh !== undefined ? entry.messageZh : entry.message
  // Only the gateway's words for an expired token end in the time.
  const expiredAt = entry.envelope === 'gateway' ? facts.expiredAt : undefined
  const detail = expiredAt ?? facts.detail ?? describeFacts(facts, language)
  const message = detail === '' ? words : `${words} ${detail}`
  const body =
    entry.envelope === 'gateway' ? renderGatewayError(entry, message, requestId) : family.renderError(entry, message)
  return {
    status: entry.status,
    body: JSON.stringify(body),
    headers: {
      ...(facts.retryAfterSeconds === undefined ? {} : { 'retry-after': String(facts.retryAfterSeconds) }),
      ...(facts.allowedMethods === undefined ? {} : { allow: facts.allowedMethods.join(', ') }),
      ...(facts.isInjected ? { 'x-tagwerk-fault': code } : {}),
      // What is left of a body that is too large is not read.
      ...(code === 'body-too-large' ? { connection: 'close' } : {}),
    },
  }
}

/** The language of an answer: what `X-Language` asks for if the family speaks it, English otherwise (contract D14). */
export function languageOf(family: Family, header: string | string[] | undefined): Language {
  return family.languages.find((language) => language === String(header).toLowerCase()) ?? 'en-us'
}

/** The same failure for a caller: what is neither ours nor the store's is a defect, of which nothing is shown. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof StoreUnavailable) return new DomainError('unavailable', { retryAfterSeconds: 1 })
  return new DomainError('internal')
}
