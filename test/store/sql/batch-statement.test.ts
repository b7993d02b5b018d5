import { expect, it } from 'vitest'
import { type BatchStatement, parameterColumns, statementText } from '../../../src/store/sql/batch-statement.ts'

const ROW = { table: 't', keys: ['a', 'b'] } as const

it.each<readonly [statement: BatchStatement, text: string, parameters: readonly string[]]>([
  [{ ...ROW, kind: 'select', columns: ['c', 'd'] }, 'SELECT c, d FROM t WHERE a = ? AND b = ?', ['a', 'b']],
  [{ kind: 'insert', table: 't', columns: ['c', 'd'] }, 'INSERT INTO t (c, d) VALUES (?, ?)', ['c', 'd']],
  [
    { ...ROW, kind: 'upsert', set: ['c', 'd'] },
    'INSERT INTO t (a, b, c, d) VALUES (?, ?, ?, ?) ON CONFLICT (a, b) DO UPDATE SET c = excluded.c, d = excluded.d',
    ['a', 'b', 'c', 'd'],
  ],
  [
    { ...ROW, kind: 'update', set: ['c', 'd'] },
    'UPDATE t SET c = ?, d = ? WHERE a = ? AND b = ?',
    ['c', 'd', 'a', 'b'],
  ],
  [{ ...ROW, kind: 'delete' }, 'DELETE FROM t WHERE a = ? AND b = ?', ['a', 'b']],
])('the statement $kind is printed with its parameters in order', (statement, text, parameters) => {
  expect(statementText(statement)).toBe(text)
  expect(statementText(statement)).toBe(text)
  expect(parameterColumns(statement)).toEqual(parameters)
})
