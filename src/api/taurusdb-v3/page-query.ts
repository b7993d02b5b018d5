import { Type } from 'typebox'
import { TAURUSDB_PAGE_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = TAURUSDB_PAGE_LIMITS

/** The parameters that say which part of a list is wanted. */
export const pageMembers = {
  offset: Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' }),
  limit: Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
}

/** The page of a tag list. Other parameters are ignored (contract D19: a provider sends `engine_name`). */
export const pageQuery = Type.Object(pageMembers)
