import { DatabaseSync } from 'node:sqlite'
import type { Progress } from '../report/progress.ts'
import { type PairTable, sortedPostings } from './pairs.ts'
import { type FourPairs, SQLITE_PRAGMAS, SQLITE_SCHEMA, SQLITE_STATEMENTS } from './statements.ts'

/** Total and first page of a documented query. */
export type SqlAnswer = { readonly total: number; readonly page: readonly number[] }

/** One statement on one engine. */
export type SqlWay = {
  readonly engine: string
  readonly name: string
  ask(pairs: FourPairs): SqlAnswer | Promise<SqlAnswer>
}

/** Loads a table of pairs into SQLite. */
export function loadSqlite(
  table: PairTable,
  file: string,
  progress: Progress,
): { readonly ways: readonly SqlWay[]; close(): void } {
  const db = new DatabaseSync(file)
  for (const pragma of SQLITE_PRAGMAS) db.exec(pragma)
  for (const statement of SQLITE_SCHEMA) db.exec(statement)
  const insert = db.prepare('INSERT INTO posting (pair, seq) VALUES (?, ?)')
  const postings = sortedPostings(table)
  progress.start('loading SQLite', postings.length)
  db.exec('BEGIN')
  for (const [i, posting] of postings.entries()) {
    insert.run(Math.floor(posting / 2 ** 32), posting % 2 ** 32)
    if (i % 10_000 === 0) progress.update(i)
  }
  db.exec('COMMIT')
  progress.stop()
  db.exec('ANALYZE')
  const ways = SQLITE_STATEMENTS.map(({ name, text }): SqlWay => {
    const statement = db.prepare(text)
    return {
      engine: 'SQLite',
      name,
      ask: ({ must, one, nand, nor }) => {
        const { total, page } = statement.get(must, one, nand, nor) as { total: number; page: string }
        return { total, page: JSON.parse(page) as number[] }
      },
    }
  })
  return { ways, close: () => db.close() }
}
