import type { ShareLimits } from '../../core/image-member.ts'
import type { PageLimits, TagQueryLimits } from '../tag-query-body.ts'

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

/** Pages of the vendor's own list of images (contract 2.5, I12). No document says how long one may be. */
export const IMAGE_PAGE_LIMITS: PageLimits = { limitDefault: 500, limitMax: 1000 }

/** Pages of the native list of images (contract 2.5, I15). */
export const GLANCE_PAGE_LIMITS: PageLimits = { limitDefault: 25, limitMax: 1000 }

/** A tag written as one text (contract 2.5, I16). */
export const TAG_TEXT_CHARACTERS_MAX = 255

/** A name, as in an import. */
export const NAME_CHARACTERS_MAX = 255

/** The largest whole number that is kept as one: as large as the 32 bits in which Glance keeps it. */
export const WHOLE_NUMBER_MAX = 2 ** 31 - 1

/** A description of an image, and the name of an attribute. */
export const DESCRIPTION_CHARACTERS_MAX = 1024
export const ATTRIBUTE_NAME_CHARACTERS_MAX = 255

/** The most bytes of a detail as JSON: what an import takes, so that every export can be imported again. */
export const DETAIL_BYTES_MAX = 8192

/** Images of one status that others share with one project: what one list of them looks through at most. */
export const SHARED_IMAGES_PER_STATUS_MAX = 1000

/**
 * What may be shared. The members of an image are the vendor's number (page "Restrictions on Image Sharing"); the last
 * keeps one project from taking all the room that another has for what waits for its decision.
 */
export const SHARE_LIMITS: ShareLimits = {
  membersPerImageMax: 256,
  pendingPerMemberMax: SHARED_IMAGES_PER_STATUS_MAX,
  pendingPerOwnerAndMemberMax: 100,
}

/** The id of a project. */
export const PROJECT_ID_CHARACTERS_MAX = 64
