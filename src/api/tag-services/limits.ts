import type { TagRules } from '../../core/tag.ts'
import type { TagQueryLimits } from '../tag-query-body.ts'

/** Ids of TaurusDB, which its paths tell apart from the databases of other services (contract 3.2, 12.2). */
export const TAURUSDB_ID = /^[0-9A-Za-z]{32}in07$/

/** Keys on a page of the tags in use. */
export const IN_USE_LIMITS = { limitDefault: 1000, limitMax: 1000 } as const

/** Limits on a query for devices of IoTDA [NS]. */
export const BOUND_LIMITS = { limitDefault: 10, limitMax: 50, tagsMax: 10 } as const

/** Length that keys of the older shape have at most. */
const SHORT_KEY_CHARACTERS_MAX = 36

/**
 * Limits on one query: those of images for the older shape of the tag calls, and twice as many keys and values for the newer
 * one (contract 2.4, 12.3). Longer keys and values than can be added are valid (contract D29).
 */
export function queryLimitsOf(rules: TagRules): TagQueryLimits {
  const itemsMax = rules.keyCharactersMax > SHORT_KEY_CHARACTERS_MAX ? 20 : 10
  return {
    keysMax: itemsMax,
    valuesPerKeyMax: itemsMax,
    keyCharactersMax: Math.max(127, rules.keyCharactersMax),
    valueCharactersMax: Math.max(255, rules.valueCharactersMax),
    matchCharactersMax: 255,
  }
}
