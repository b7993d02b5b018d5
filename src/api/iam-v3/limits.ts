// Numbers of this family, from the pages of the OTC IAM API unless said otherwise.

/** Longer than any password a person keeps, short enough that hashing it costs nothing extra. */
export const PASSWORD_CHARACTERS_MAX = 1024

/** Huawei Cloud's number; the older pages have 32. */
export const USER_NAME_CHARACTERS_MAX = 64
export const PROJECT_NAME_CHARACTERS_MAX = 64
export const DISPLAY_NAME_CHARACTERS_MAX = 128

/** Descriptions and addresses. */
export const TEXT_CHARACTERS_MAX = 255

export const PROJECTS_PER_PAGE_MAX = 5000
export const POLICIES_PER_PAGE_MAX = 300
