/** Pages of every list (S2, S3; contract 3.2): whole numbers in the query string. */
export const TAURUSDB_PAGE_LIMITS = { limitDefault: 100, limitMax: 100 } as const

/** 36 letters and digits that end in `in07` (contract 3.2). */
export const INSTANCE_ID_PATTERN = /^[0-9A-Za-z]{32}in07$/

/** How long the name of a new instance may be, in Unicode code points ("Creating a DB Instance"). */
export const NAME_CHARACTERS_MIN = 4
export const NAME_CHARACTERS_MAX = 64

/** How many tags may be given when an instance is created; later calls may add up to 20 (contract 3.2). */
export const TAGS_AT_CREATION_MAX = 10

/** How many read replicas may be asked for when an instance is created ("Creating a DB Instance"). */
export const REPLICAS_AT_CREATION_MAX = 9

/** The most bytes of a new instance's detail as JSON: what an import takes, so that an export can be imported again. */
export const DETAIL_BYTES_MAX = 8192
