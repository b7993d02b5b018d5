import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BatchSelect } from '../../../src/store/sql/batch-statement.ts'
import { SqliteConnection } from '../../../src/store/sqlite/connection.ts'

describe('a SQLite connection', () => {
  let folder: string
  let db: SqliteConnection

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-connection-'))
    db = new SqliteConnection(join(folder, 'test.sqlite'), { readOnly: false })
    db.exec('CREATE TABLE item (number INTEGER PRIMARY KEY, name TEXT, size REAL)')
    await db.run('INSERT INTO item VALUES (?, ?, ?)', 1, 'one', 1.5)
    await db.run('INSERT INTO item VALUES (?, ?, ?)', 2 ** 52, 'größer "than" one', null)
  })

  afterEach(async () => {
    db.close()
    await rm(folder, { recursive: true })
  })

  it('gives rows by the names of their columns', async () => {
    const rows = [
      { number: 1, name: 'one', size: 1.5 },
      { number: 2 ** 52, name: 'größer "than" one', size: null },
    ]
    expect(await db.all('SELECT * FROM item ORDER BY number')).toEqual(rows)
    expect(await db.get('SELECT * FROM item WHERE number = ?', 1)).toEqual(rows[0])
    expect(await db.get('SELECT * FROM item WHERE number = ?', 7)).toBeUndefined()
    expect([...db.iterate('SELECT * FROM item ORDER BY number')]).toEqual(rows)
  })

  it('gives the present names of columns after a change of the schema', async () => {
    const select = 'SELECT * FROM item WHERE number = 1'
    await db.get(select)
    db.exec('ALTER TABLE item RENAME COLUMN name TO title')
    expect(await db.get(select)).toEqual({ number: 1, title: 'one', size: 1.5 })
    await db.run('ALTER TABLE item DROP COLUMN size')
    await db.run('ALTER TABLE item ADD COLUMN weight REAL')
    expect(await db.get(select)).toEqual({ number: 1, title: 'one', weight: null })
  })

  const byNumber: BatchSelect = {
    kind: 'select',
    table: 'item',
    columns: ['number', 'name'],
    keys: ['number'],
    numbers: ['number'],
  }
  const byName: BatchSelect = { ...byNumber, keys: ['name'], numbers: [] }

  it.each([
    ['a number', byNumber, [[2 ** 52], [7], [1], [1]]],
    ['a text', byName, [['größer "than" one'], ['seven'], ['one'], ['one']]],
  ] as const)('gives the row of each set of parameters in a select by %s', async (_, statement, sets) => {
    const rows = await db.getBatch(statement, sets)
    expect(rows.map((row) => row?.name)).toEqual(['größer "than" one', undefined, 'one', 'one'])
    expect(await db.getBatch(statement, [])).toEqual([])
  })
})
