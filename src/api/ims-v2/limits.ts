import { TAG_RULES } from '../../core/resource-type.ts'
import type { PageLimits, TagQueryLimits } from '../tag-query-body.ts'

/** What may be in a tag that is added to an image (S4, contract D5). */
export const IMS_TAG_RULES = TAG_RULES.images

/** What may be in a query. Wider than for adding, so that tags of older rules can still be found (S1, D29). */
export const IMS_QUERY_LIMITS: TagQueryLimits = {
  keysMax: 10,
  valuesPerKeyMax: 10,
  keyCharactersMax: 127,
  valueCharactersMax: 255,
  matchCharactersMax: 255,
}

/** Pages of a query (S1). */
export const IMS_PAGE_LIMITS: PageLimits = { limitDefault: 10, limitMax: 1000 }
