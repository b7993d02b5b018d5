import { createHash } from 'node:crypto'
import { type BatchStatement, parameterColumns } from '../sql/batch-statement.ts'
import type { Params, SqlValue } from '../sql/sql.ts'

/** A query as the driver takes it: parameters are written `$1`, `$2`, ... A parameter may be an array of values. */
export type Query = { readonly text: string; readonly values: readonly (SqlValue | Params)[] }

/** Writes the parameters of a statement as `$1`, `$2`, ... A question mark in a quoted text is no parameter. */
export function numberPlaceholders(sql: string): string {
  let number = 0
  return sql.replace(/'[^']*'|\?/g, (token) => (token === '?' ? `$${++number}` : token))
}

/**
 * Names a prepared statement by the hash of its text. The name is the same on every connection, so a connection pooler
 * in front of the server may hand out any of its connections.
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
 * Prints one query that executes a statement for many sets of parameters, which it passes as one array per column. A
 * select returns, with each row, the number of its set from 1 as `param_set`. Returns undefined where the sets have to
 * be executed one by one: a single set, sets of several partitions, whose rows a distributed database may keep on
 * different machines, and upserts, of which one may change the row that another inserts.
 */
export function batchQuery(statement: BatchStatement, sets: readonly Params[]): Query | undefined {
  if (sets.length < 2 || statement.kind === 'upsert') return undefined
  const partition = statement.kind === 'insert' ? undefined : statement.partition
  const columns = parameterColumns(statement)
  const partitionIndex = partition === undefined ? -1 : columns.indexOf(partition)
  if (sets.some((set) => set[partitionIndex] !== sets[0]?.[partitionIndex])) return undefined
  // The partition is one parameter and no array, so that a distributed database can route the query.
  const values = columns.map((_column, i) =>
    i === partitionIndex ? (sets[0]?.[i] as SqlValue) : sets.map((set) => set[i] as SqlValue),
  )
  const unnested: string[] = []
  const names: string[] = []
  for (const [i, value] of values.entries()) {
    if (!Array.isArray(value)) continue
    const isNumber = statement.numbers?.includes(columns[i]!)
    unnested.push(`$${i + 1}::${isNumber ? 'bigint[]' : arrayTypeOf(value)}`)
    names.push(`p${i + 1}`)
  }
  if (names.length === 0) return undefined
  const references = new Map(columns.map((name, i) => [name, i === partitionIndex ? `$${i + 1}` : `given.p${i + 1}`]))
  return { text: print(statement, references, `unnest(${unnested.join(', ')})`, names.join(', ')), values }
}

/** `references` has for each parameter column the SQL that refers to its value. */
function print(
  statement: Exclude<BatchStatement, { kind: 'upsert' }>,
  references: ReadonlyMap<string, string>,
  unnested: string,
  names: string,
): string {
  const { table } = statement
  const equalities = (columns: readonly string[]) => columns.map((column) => `${column} = ${references.get(column)}`)
  const given = `${unnested} AS given(${names})`
  switch (statement.kind) {
    case 'select': {
      const row = `SELECT ${statement.columns.join(', ')} FROM ${table} WHERE ${equalities(statement.keys).join(' AND ')}`
      const numbered = `${unnested} WITH ORDINALITY AS given(${names}, param_set)`
      return `SELECT given.param_set, selected.* FROM ${numbered}, LATERAL (${row} LIMIT 1) AS selected`
    }
    case 'insert': {
      const values = statement.columns.map((column) => references.get(column)).join(', ')
      return `INSERT INTO ${table} (${statement.columns.join(', ')}) SELECT ${values} FROM ${given}`
    }
    case 'update': {
      const assignments = equalities(statement.set).join(', ')
      return `UPDATE ${table} SET ${assignments} FROM ${given} WHERE ${equalities(statement.keys).join(' AND ')}`
    }
    case 'delete':
      return `DELETE FROM ${table} USING ${given} WHERE ${equalities(statement.keys).join(' AND ')}`
  }
}

function arrayTypeOf(values: Params): string {
  const isNumber = values.every((value) => value === null || typeof value === 'number')
  return isNumber && values.some((value) => value !== null) ? 'bigint[]' : 'text[]'
}
