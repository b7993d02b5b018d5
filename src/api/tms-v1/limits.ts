/** Predefined tags in one call (contract 5, T1). */
export const PREDEFINED_TAGS_PER_CALL_MAX = 50

/** Pages of predefined tags; a limit of 0 asks for all (contract 5, T2). */
export const PREDEFINED_PAGE_LIMITS = { limitDefault: 10, limitMax: 1000 } as const

/** Pages of services (contract 5, T5). */
export const PROVIDER_PAGE_LIMITS = { limitDefault: 10, limitMax: 200 } as const

/** Pages of resources, keys and values (contract 5, T8 to T10). */
export const RESOURCE_PAGE_LIMITS = { limitDefault: 200, limitMax: 200 } as const

/** Resources and tags in one call that adds or removes tags (contract 5, T6 and T7). */
export const BATCH_LIMITS = { resourcesMax: 50, tagsMax: 10 } as const

/**
 * Limits of tags in removals and queries, wider than those for adding, so that tags added under older rules can be
 * found and removed (contract D29). Lengths are in Unicode code points.
 */
export const WIDE_TAG_LIMITS = { keyCharactersMax: 127, valueCharactersMax: 255 } as const

/** Keys in one query, and values of a key (contract 5: TMS.0016). */
export const QUERY_LIMITS = { keysMax: 10, valuesPerKeyMax: 10 } as const
