import { Type } from 'typebox'

// Members of accounts in requests, which the account service and Tagwerk's own API share, so that what one of them takes the
// other one takes too. The limits are from the pages of the OTC IAM API unless noted.

/** From Huawei Cloud; older pages have 32. */
const USER_NAME_CHARACTERS_MAX = 64
const PROJECT_NAME_CHARACTERS_MAX = 64
const DISPLAY_NAME_CHARACTERS_MAX = 128

/** Limit on descriptions and e-mail addresses. */
export const TEXT_CHARACTERS_MAX = 255

/** Letters, digits, spaces and `-_.`; the first character is not a digit or space (OTC IAM API, "Creating a User"). */
export const userName = Type.String({
  minLength: 1,
  maxLength: USER_NAME_CHARACTERS_MAX,
  pattern: '^[A-Za-z._-][A-Za-z0-9 ._-]*$',
})

export const projectName = Type.String({
  maxLength: PROJECT_NAME_CHARACTERS_MAX,
  // No outer blanks, as in an import.
  pattern: '^\\S(.*\\S)?$',
})

/** The name by which people know a custom role. */
export const roleDisplayName = Type.String({
  maxLength: DISPLAY_NAME_CHARACTERS_MAX,
  pattern: '\\S',
  'x-rule': 'not-blank',
})

/** A description or an e-mail address. */
export const accountText = Type.String({ maxLength: TEXT_CHARACTERS_MAX })
