/** The most bytes of one line of an import, its line break not counted. */
export const LINE_BYTES_MAX = 65_536

/** What a line may hold. Lengths are in Unicode code points. */
export const ID_CHARACTERS_MAX = 64
export const NAME_CHARACTERS_MAX = 255
export const PROJECT_CHARACTERS_MAX = 64

/** How many refused lines one report names; beyond, they are only counted. */
export const REFUSALS_SHOWN_MAX = 1000
