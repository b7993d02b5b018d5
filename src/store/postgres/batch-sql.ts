import { createHash } from 'node:crypto'
import type { SqlValue } from '../sql/sql.ts'

/** A statement with its values, as PostgreSQL takes them: parameters are written `$1`, `$2`, ... */
export type Prepared = { readonly text: string; readonly values: readonly Bound[] }

/** One value, or the values of one column for many rows. */
type Bound = SqlValue | readonly SqlValue[]

/** Puts `$1`, `$2`, ... in the place of `?`. No statement of ours holds a question mark of another kind. */
export function numberPlaceholders(sql: string): string {
  let number = 0
  return sql.replace(/\?/g, () => `$${++number}`)
}

/**
 * Names a statement by its text, for the server to keep it prepared under: the same on every connection, so that it
 * does not matter which one a pooler in between hands out.
 */
export function statementName(text: string): string {
  let name = names.get(text)
  if (name === undefined) {
    name = `tagwerk_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    names.set(text, name)
  }
  return name
}

const names = new Map<string, string>()

/**
 * Makes one statement of one that is to run for many sets of values: the sets go as one array a column. A `SELECT`
 * gives the first row for each set, with the number of the set (from 1) as `given_place`. Gives undefined where only one
 * run after the other does the same: rows of several projects, which may live on different machines of a distributed
 * database, and rows of which one may follow from another (`ON CONFLICT`).
 */
export function batched(sql: string, sets: readonly (readonly SqlValue[])[]): Prepared | undefined {
  const kind = /^\s*(\w+)/.exec(sql)?.[1]
  const parameters = parametersOf(sql)
  const isOneProject = parameters.every(
    ({ isProject }, i) => !isProject || sets.every((set) => set[i] === sets[0]?.[i]),
  )
  if (!isOneProject) return undefined
  const columns = parameters.map((_parameter, i) => sets.map((set) => set[i] as SqlValue))
  // The project stands as one value, so that a distributed database can see whose rows these are.
  const references = parameters.map(({ isProject }, i) => (isProject ? `$${i + 1}` : `given.p${i + 1}`))
  const values = parameters.map(({ isProject }, i) => (isProject ? (sets[0]?.[i] as SqlValue) : (columns[i] ?? [])))
  const arrays = parameters.flatMap(({ isProject }, i) => (isProject ? [] : [i]))
  if (arrays.length === 0) return undefined
  const unnested = `unnest(${arrays.map((i) => `$${i + 1}::${arrayTypeOf(columns[i] ?? [])}`).join(', ')})`
  const names = arrays.map((i) => `p${i + 1}`).join(', ')
  const text = rewritten(kind, sql, references, unnested, names)
  return text === undefined ? undefined : { text, values }
}

function rewritten(
  kind: string | undefined,
  sql: string,
  references: readonly string[],
  unnested: string,
  names: string,
): string | undefined {
  let next = 0
  const filled = (text: string) => text.replace(/\?/g, () => references[next++] as string)
  if (kind === 'SELECT') {
    return `SELECT given.given_place, found.* FROM ${unnested} WITH ORDINALITY AS given(${names}, given_place),
      LATERAL (${filled(sql)} LIMIT 1) AS found`
  }
  if (kind === 'INSERT') {
    const [, head, list] = /^(.*)\bVALUES\s*\(([?,\s]+)\)\s*$/s.exec(sql) ?? []
    return head === undefined
      ? undefined
      : `${head} SELECT ${filled(list as string)} FROM ${unnested} AS given(${names})`
  }
  const join = { UPDATE: 'FROM', DELETE: 'USING' }[kind ?? '']
  const where = sql.lastIndexOf('WHERE ')
  if (join === undefined || where < 0) return undefined
  return filled(`${sql.slice(0, where)} ${join} ${unnested} AS given(${names}) ${sql.slice(where)}`)
}

/** What stands before each `?` says whether it asks for a project. Values of an `INSERT` never do. */
function parametersOf(sql: string): readonly { readonly isProject: boolean }[] {
  return Array.from(sql.matchAll(/(\w*project_id = )?\?/g), ([, project]) => ({ isProject: project !== undefined }))
}

function arrayTypeOf(values: readonly SqlValue[]): string {
  const isNumber = values.every((value) => value === null || typeof value === 'number')
  return isNumber && values.some((value) => value !== null) ? 'bigint[]' : 'text[]'
}
