import { isArn, parseArn } from './aws-arn.ts'
import {
  type ConvertContext,
  ConvertError,
  type Converted,
  type Converter,
  isObject,
  itemsOf,
  type Json,
  tagsOf,
  textOf,
} from './converter.ts'

/**
 * Rows of Steampipe. COMPAT: `steampipe query --output json` prints `columns` and `rows`, before version 0.24 an array of
 * rows (its changelog). The columns are those of the query; plugins have `title`, `akas` and `tags` in common ("Standard
 * Column Definitions" of its documentation).
 */
export const steampipe: Converter = {
  name: 'steampipe',
  title: 'an answer of Steampipe',
  madeBy: 'steampipe query --output json "select arn, title, region, account_id, tags from aws_ec2_instance"',

  recognizes: (document) => {
    const rows = rowsOf(document)
    return Array.isArray(rows) && (rows.length === 0 || (isObject(rows[0]) && 'tags' in rows[0]))
  },

  *convert(document, context) {
    for (const [row, place] of itemsOf(rowsOf(document), 'rows')) yield toResource(row, place, context)
  },
}

function rowsOf(document: unknown): unknown {
  return isObject(document) ? document.rows : document
}

function toResource(row: Json, place: string, { types, type }: ConvertContext): Converted {
  const [aka] = Array.isArray(row.akas) ? row.akas : []
  const id =
    textOf(row, 'arn') ?? textOf({ aka }, 'aka') ?? textOf(row, 'id', 'self_link', 'resource_id', 'instance_id')
  if (id === undefined) {
    throw new ConvertError(
      `${place}: has no id: select one of the columns "arn", "akas", "id", "self_link" and "resource_id"`,
    )
  }
  const found = type ?? textOf(row, 'resource_type') ?? typeOfId(id, row, place)
  if (found === undefined) throw new ConvertError(`${place}: nothing says its type: give it with --type NAME`)
  return {
    type: types.canonical(found),
    id,
    name: textOf(row, 'title', 'name', 'display_name'),
    detail: {
      region: textOf(row, 'region', 'location'),
      account: textOf(row, 'account_id', 'subscription_id', 'project'),
    },
    tags: tagsOf(row.tags, `${place}.tags`),
  }
}

/** An ARN says the type, and a resource of Azure has a column for it. */
function typeOfId(id: string, row: Json, place: string): string | undefined {
  if (isArn(id)) return parseArn(id, place).type
  return id.startsWith('/subscriptions/') ? textOf(row, 'type')?.toLowerCase() : undefined
}
