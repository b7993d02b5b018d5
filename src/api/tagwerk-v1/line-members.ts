import { invalid } from '../../core/errors.ts'

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>

/** Gives a value as an object. Throws `request-invalid` for any other. */
export function toObject(value: unknown, field: string): Members {
  if (!isObject(value)) throw invalid(field, { name: 'type', expected: 'an object' }, value)
  return value
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Gives a value as a text. Throws `request-invalid` for any other, and for none. */
export function toText(value: unknown, field: string): string {
  if (value === undefined) throw invalid(field, { name: 'required' })
  if (typeof value !== 'string') throw invalid(field, { name: 'type', expected: 'a string' }, value)
  return value
}
