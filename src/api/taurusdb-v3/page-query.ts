import { Type } from 'typebox'
import { TAURUSDB_PAGE_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = TAURUSDB_PAGE_LIMITS

/** The parameters for paging. */
export const pageMembers = {
  offset: Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' }),
  limit: Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
}

/** The query parameters of a list without filters. Others are ignored (contract D19: a provider sends `engine_name`). */
export const pageQuery = Type.Object(pageMembers)
