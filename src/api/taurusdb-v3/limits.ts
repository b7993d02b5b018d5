/** Pages of tag lists (S2, S3): whole numbers in the query string. */
export const TAURUSDB_PAGE_LIMITS = { limitDefault: 100, limitMax: 100 } as const

/** 36 letters and digits that end in `in07` (contract 3.2). */
export const INSTANCE_ID_PATTERN = /^[0-9A-Za-z]{32}in07$/
