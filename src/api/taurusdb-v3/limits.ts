/** Limits on pages of every list (S2, S3; contract 3.2). */
export const TAURUSDB_PAGE_LIMITS = { limitDefault: 100, limitMax: 100 } as const

/** 36 letters and digits, ending with `in07` (contract 3.2). */
export const INSTANCE_ID_PATTERN = /^[0-9A-Za-z]{32}in07$/

/** Length of the name of a new instance, in Unicode code points ("Creating a DB Instance"). */
export const NAME_CHARACTERS_MIN = 4
export const NAME_CHARACTERS_MAX = 64

/** Limit on tags at the creation of an instance; later calls may add up to 20 (contract 3.2). */
export const TAGS_AT_CREATION_MAX = 10

/** Limit on read replicas at the creation of an instance ("Creating a DB Instance"). */
export const REPLICAS_AT_CREATION_MAX = 9

/** Limit on the nodes of an instance: the primary node and 15 read replicas. Only an import can register more. */
export const NODES_MAX = 16

/**
 * Limit on the detail of a new instance as JSON. Equal to that of an import, so that an export can be imported again.
 */
export const DETAIL_BYTES_MAX = 8192
