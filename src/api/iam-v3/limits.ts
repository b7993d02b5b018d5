// Limits of this family, from the pages of the OTC IAM API unless noted. Those of names and texts are in `src/api/account-members.ts`.

export const PHONE_DIGITS_MAX = 32
export const EXTERNAL_ID_CHARACTERS_MAX = 128
export const EXTERNAL_TYPE_CHARACTERS_MAX = 64

/** From Keystone. */
export const PROJECT_TAGS_MAX = 80
export const PROJECT_TAG_CHARACTERS_MAX = 255

export const PROJECTS_PER_PAGE_MAX = 5000
export const POLICIES_PER_PAGE_MAX = 300
