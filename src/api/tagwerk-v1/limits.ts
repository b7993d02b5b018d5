/** The most bytes of one line of an import, its line break not counted. */
export const LINE_BYTES_MAX = 65_536

/** The most bytes of a dry run, which has to remember every resource it was shown. */
export const DRY_RUN_BYTES_MAX = 32 * 2 ** 20

/** The most bytes of a detail as JSON: a page shows up to 1000 of them. */
export const DETAIL_BYTES_MAX = 8192

/** The most exports at a time: each holds a snapshot of the store. */
export const EXPORTS_MAX = 8

/** What a line may hold. Lengths are in Unicode code points. */
export const ID_CHARACTERS_MAX = 64
export const NAME_CHARACTERS_MAX = 255
export const PROJECT_CHARACTERS_MAX = 64

/** How many refused lines one report names; beyond, they are only counted. */
export const REFUSALS_SHOWN_MAX = 1000
