import { Type } from 'typebox'
import type { AskedMoment as CatalogAskedMoment } from '../catalog/catalog.ts'
import { invalid } from '../core/errors.ts'
import { momentText, toMoment } from './moment.ts'

/** The moment that a call asks for, and the name of the field or header that has it, for errors. */
export type AskedMoment = CatalogAskedMoment

/** The header with the moment that a call reads as of. */
export const AS_OF_HEADER = 'X-Tagwerk-As-Of'

const DESCRIPTION = 'Reads as of this moment instead of the present.'

/** Schema of the header. */
export const asOfHeader = momentText(DESCRIPTION)
/** Schema of the same as a query parameter. */
export const asOfParameter = Type.Optional(momentText(DESCRIPTION))
/** Schema of the same as a member of a body. */
export const asOfMember = Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), momentText(DESCRIPTION)]))

/**
 * Which moments a call can read as of: any, or only times, because it reads several projects and a revision is one of one
 * project.
 */
export type Moments = 'any' | 'time'

/** Parses the moment that a call asks for. Throws `request-invalid`. */
export function toAskedMoment(given: string | number, field: string, moments: Moments): AskedMoment {
  const moment = toMoment(String(given), field)
  if (moments === 'time' && 'revision' in moment) {
    throw invalid(field, { name: 'well-formed', what: 'a time, because a revision is of one project' }, given)
  }
  return { moment, field }
}
