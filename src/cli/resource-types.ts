/** The resource types of the API. */
export const TYPES = ['images', 'instances'] as const

/** The parsed `--type` option. */
export type TypeOption = { readonly type?: (typeof TYPES)[number] }
