import { type TProperties, Type } from 'typebox'

/**
 * The query of a list. A parameter that it does not define is refused: ignoring a filter would list more than was asked
 * for.
 */
export function listQuery<const P extends TProperties>(parameters: P) {
  return Type.Object(parameters, { additionalProperties: false })
}

/** The query of a list without parameters. */
export const noParameters = listQuery({})

/**
 * The query of a list that clients send other parameters to, which are ignored. A parameter that is similar to a filter is
 * refused, because it was probably meant to be that one.
 */
export function tolerantListQuery<const F extends TProperties, const P extends TProperties>(filters: F, paging: P) {
  return Type.Object({ ...filters, ...paging }, { 'x-refuses-similar-to': Object.keys(filters) })
}
