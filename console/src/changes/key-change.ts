/** A key whose tag differs: without `before` it was added, without `after` it was removed. */
export type KeyChange = { readonly key: string; readonly before?: string; readonly after?: string }
