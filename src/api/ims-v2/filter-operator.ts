import { invalid } from '../../core/errors.ts'

/** Parameters whose value may begin with `in:` or `eq:` (contract D32). */
export const OPERATOR_PARAMETERS = ['id', 'name', 'status', 'disk_format', 'container_format'] as const

type OperatorParameter = (typeof OPERATOR_PARAMETERS)[number]

/** Operators of Glance that these parameters do not have. */
const OTHER_OPERATORS: ReadonlySet<string> = new Set(['neq', 'gt', 'gte', 'lt', 'lte'])

/** Parameters whose values never hold a colon, so that any word before one is meant as an operator. */
const WITHOUT_COLON: ReadonlySet<OperatorParameter> = new Set(['status', 'disk_format', 'container_format'])

/**
 * Gives the alternative values of a filter: one, or several of `in:a,b`, where a value with a comma is in double quotes.
 * `eq:` makes the rest a plain value. Throws `request-invalid` for an operator that the parameter does not have, for an
 * empty list, and for wrong quotes.
 */
export function toAlternatives(parameter: OperatorParameter, text: string): readonly string[] {
  const [, operator, rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? []
  if (operator === 'in') return splitList(parameter, rest, text)
  if (operator === 'eq') return [rest]
  // NOTE: names such as `nginx:1.27` are common, so only words that Glance knows are operators there.
  if (operator !== undefined && (OTHER_OPERATORS.has(operator) || WITHOUT_COLON.has(parameter))) {
    throw invalid(
      parameter,
      { name: 'well-formed', what: 'a value, in: with a list of values, or eq: with a value' },
      text,
    )
  }
  return [text]
}

/** One value of a list, quoted or not, and the comma or end after it. */
const ITEM = /(?:"([^"]*)"|([^",]+))(,|$)/y

function splitList(parameter: OperatorParameter, list: string, text: string): readonly string[] {
  const values: string[] = []
  ITEM.lastIndex = 0
  for (;;) {
    const item = ITEM.exec(list)
    if (item === null) {
      const what = 'in: and values separated by commas; a value with a comma is in double quotes'
      throw invalid(parameter, { name: 'well-formed', what }, text)
    }
    values.push(item[1] ?? item[2] ?? '')
    if (item[3] === '') return values
  }
}
