import { oneOf, textOf } from '../router-search.ts'

/** What the address of the list of keys says: what they begin with. */
export function toPrefix(search: Readonly<Record<string, unknown>>): string {
  return textOf(search.prefix) ?? ''
}

export const FORMS = ['rename', 'map'] as const
export type Form = (typeof FORMS)[number]

export const ORDERS = ['count', 'name'] as const
export type Order = (typeof ORDERS)[number]

/** What the address of a key says besides the key: the order of its values, and the form that is open. */
export type KeySearch = { readonly order: Order; readonly form: Form | undefined }

export function toKeySearch(search: Readonly<Record<string, unknown>>): KeySearch {
  return { order: oneOf(search.order, ORDERS) ?? 'count', form: oneOf(search.form, FORMS) }
}

/** The query of an address; what is the default is left out. */
export function fromKeySearch({ order, form }: KeySearch): Record<string, string | undefined> {
  return { order: order === 'count' ? undefined : order, form }
}
