import { oneOf, textOf } from '../router-search.ts'

export const FORMS = ['rename', 'map'] as const
export type Form = (typeof FORMS)[number]

export const ORDERS = ['count', 'name'] as const
export type Order = (typeof ORDERS)[number]

/** What the address of the list of keys says: what they begin with, and their order. */
export type TagsSearch = { readonly prefix: string; readonly order: Order }

export function toTagsSearch(search: Readonly<Record<string, unknown>>): TagsSearch {
  return { prefix: textOf(search.prefix) ?? '', order: oneOf(search.order, ORDERS) ?? 'count' }
}

/** The query of an address; what is the default is left out. */
export function fromTagsSearch({ prefix, order }: TagsSearch): Record<string, string | undefined> {
  return { prefix: prefix === '' ? undefined : prefix, order: order === 'count' ? undefined : order }
}

/** What the address of a key says besides the key: the order of its values, and the form that is open. */
export type KeySearch = { readonly order: Order; readonly form: Form | undefined }

export function toKeySearch(search: Readonly<Record<string, unknown>>): KeySearch {
  return { order: oneOf(search.order, ORDERS) ?? 'count', form: oneOf(search.form, FORMS) }
}

/** The query of an address; what is the default is left out. */
export function fromKeySearch({ order, form }: KeySearch): Record<string, string | undefined> {
  return { order: order === 'count' ? undefined : order, form }
}
