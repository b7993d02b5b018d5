import { DomainError, invalid } from '../../core/errors.ts'
import { type Tag, type TagTextRules, toTag } from '../../core/tag.ts'
import { countCodePoints } from '../../core/text.ts'
import type { TagBody } from '../tag-body.ts'
import type { TmsErrorCode } from './error-codes.ts'
import { WIDE_TAG_LIMITS } from './limits.ts'

/** The error codes for an invalid key and an invalid value. */
export type TextCodes = { readonly key: TmsErrorCode; readonly value: TmsErrorCode }

export const TAG_CODES: TextCodes = { key: 'key-invalid', value: 'value-invalid' }

/** Validates a tag to be added and gives its stored form; see `toTag`. Throws the code of the broken rule. */
export function toKeptTag({ key, value }: TagBody, rules: TagTextRules, field: string, codes: TextCodes): Tag {
  try {
    return toTag(key, value, rules, field)
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'tag-invalid') throw error
    throw new DomainError<TmsErrorCode>(error.facts.field === `${field}.key` ? codes.key : codes.value, error.facts)
  }
}

/**
 * Parses a tag to be removed: characters are not validated (contract 5). Outer blanks are trimmed, as on adding.
 * Throws the code of a blank key, and of a key or value longer than any rule allows.
 */
export function toKnownTag({ key, value = '' }: TagBody, field: string, codes: TextCodes): Tag {
  const tag = { key: key.trim(), value: value.trim() }
  if (tag.key === '') throw invalid<TmsErrorCode>(`${field}.key`, { name: 'not-blank' }, key, codes.key)
  checkLength(`${field}.key`, tag.key, WIDE_TAG_LIMITS.keyCharactersMax, codes.key)
  checkLength(`${field}.value`, tag.value, WIDE_TAG_LIMITS.valueCharactersMax, codes.value)
  return tag
}

function checkLength(field: string, text: string, limit: number, code: TmsErrorCode): void {
  const actual = countCodePoints(text)
  if (actual > limit) throw invalid<TmsErrorCode>(field, { name: 'characters-max', limit, actual }, text, code)
}
