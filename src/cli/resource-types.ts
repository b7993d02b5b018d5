/** The resource types of the API. */
export const TYPES = ['images', 'instances'] as const

/** What `--type` comes out as. */
export type TypeOption = { readonly type?: (typeof TYPES)[number] }
