/** The resource types of the API. */
export const TYPES = ['images', 'instances'] as const

/** The parsed option `--type`. */
export type TypeOption = { readonly type?: (typeof TYPES)[number] }
