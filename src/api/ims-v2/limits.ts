import type { ShareLimits } from '../../core/image-member.ts'
import type { PageLimits, TagQueryLimits } from '../tag-query-body.ts'

/** Limits of a tag query, wider than those for adding, so that tags added under older rules can be found (S1, D29). */
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

/** The largest integer attribute: Glance stores 32 bits. */
export const WHOLE_NUMBER_MAX = 2 ** 31 - 1

/** A description of an image, and the name of an attribute. */
export const DESCRIPTION_CHARACTERS_MAX = 1024
export const ATTRIBUTE_NAME_CHARACTERS_MAX = 255

/** The most bytes of a detail as JSON. The import has the same limit, so every export can be imported again. */
export const DETAIL_BYTES_MAX = 8192

/** Memberships of one status per project; bounds the work of one list. */
export const SHARED_IMAGES_PER_STATUS_MAX = 1000

/**
 * Limits of image sharing. Members per image is the vendor's limit (page "Restrictions on Image Sharing"). The last
 * one prevents one project from filling another's quota of pending memberships.
 */
export const SHARE_LIMITS: ShareLimits = {
  membersPerImageMax: 256,
  pendingPerMemberMax: SHARED_IMAGES_PER_STATUS_MAX,
  pendingPerOwnerAndMemberMax: 100,
}

/** The id of a project. */
export const PROJECT_ID_CHARACTERS_MAX = 64
