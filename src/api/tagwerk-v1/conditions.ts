import { type Static, Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import type { Expression } from '../../core/expression/expression.ts'
import { EXPRESSION_LIMITS } from '../../core/expression/expression.ts'
import { parseExpression } from '../../core/expression/parse-expression.ts'
import { ExpressionError } from '../../core/expression/tokens.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import { tagQueryMembers, toTagQuery } from '../tag-query-body.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { QUERY_LIMITS } from './limits.ts'

/** Schema of a filter. */
export const requiredFilter = Type.String({
  maxLength: EXPRESSION_LIMITS.characters,
  'x-error': 'filter-invalid',
  description: 'An expression that must hold, such as `tags.env == "prod" && !("owner" in tags)`.',
})

/** Schema of a filter that may be missing. */
export const filterMember = Type.Optional(requiredFilter)

/** The members of a body that select resources: the vendors' conditions, and a filter in addition. */
export const conditionMembers = { ...tagQueryMembers(QUERY_LIMITS), filter: filterMember }

const members = Type.Object(conditionMembers)

/** Converts a body to a query. Throws `filter-invalid`, and `request-invalid` as `toTagQuery`. */
export function toConditions(body: Static<typeof members>, field = 'filter'): TagQuery {
  const query = toTagQuery(body)
  return body.filter === undefined ? query : { ...query, filter: toFilter(body.filter, field) }
}

/** Parses a filter. Throws `filter-invalid` with the position and what is expected there. */
export function toFilter(text: string, field: string): Expression {
  try {
    return parseExpression(text)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const { position, expected } = error
    const rule = { name: 'expression', position, expected } as const
    // The value is shown from where it is not accepted on.
    const rest = [...text].slice(position - 1).join('')
    throw new DomainError<TagwerkErrorCode>('filter-invalid', { field, rule, value: rest })
  }
}
