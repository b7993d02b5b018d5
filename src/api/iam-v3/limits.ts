// Limits of this family, from the pages of the OTC IAM API unless noted.

/** From Huawei Cloud; older pages have 32. */
export const USER_NAME_CHARACTERS_MAX = 64
export const PROJECT_NAME_CHARACTERS_MAX = 64
export const DISPLAY_NAME_CHARACTERS_MAX = 128

/** Limit on descriptions and e-mail addresses. */
export const TEXT_CHARACTERS_MAX = 255

export const PHONE_DIGITS_MAX = 32
export const EXTERNAL_ID_CHARACTERS_MAX = 128
export const EXTERNAL_TYPE_CHARACTERS_MAX = 64

/** From Keystone. */
export const PROJECT_TAGS_MAX = 80
export const PROJECT_TAG_CHARACTERS_MAX = 255

export const PROJECTS_PER_PAGE_MAX = 5000
export const POLICIES_PER_PAGE_MAX = 300
