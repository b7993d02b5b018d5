import { Type } from 'typebox'
import type { Moment } from '../catalog/catalog.ts'
import { invalid } from '../core/errors.ts'
import { parseTime } from './time-text.ts'

/** Schema of a moment in the history of a project. */
export function momentText(description: string) {
  return Type.String({ minLength: 1, maxLength: 64, description: `${description} A revision, or a time by RFC 3339.` })
}

/** Parses a moment: a revision in digits, or a time. Throws `request-invalid`. */
export function toMoment(text: string, field: string): Moment {
  const revision = /^\d{1,15}$/.test(text) ? Number(text) : undefined
  if (revision !== undefined) return { revision }
  const atMs = parseTime(text)
  const what = 'a revision, or a time such as 2026-01-31T12:00:00Z'
  if (atMs === undefined) throw invalid(field, { name: 'well-formed', what }, text)
  return { atMs }
}

/** Parses a time by RFC 3339. Throws `request-invalid`. */
export function toTimeMs(text: string, field: string): number {
  const atMs = parseTime(text)
  const what = 'a time such as 2026-01-31T12:00:00Z'
  if (atMs === undefined) throw invalid(field, { name: 'well-formed', what }, text)
  return atMs
}
