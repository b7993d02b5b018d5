import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batched, numberPlaceholders, statementName } from '../../../src/store/postgres/batch-sql.ts'
import { clientConfig } from '../../../src/store/postgres/client-config.ts'
import { migratePostgres } from '../../../src/store/postgres/schema.ts'
import { toBound } from '../../../src/store/postgres/values.ts'
import type { SqlValue } from '../../../src/store/sql/sql.ts'
import { TagWriter } from '../../../src/store/sql/tag-writer.ts'
import { register, remove, setTags } from '../../conformance/requests.ts'
import { createDatabase, postgresOptions, type TestDatabase } from '../../support/postgres.ts'

const flat = (text: string | undefined) => text?.replace(/\s+/g, ' ')

describe('a statement', () => {
  it('has its parameters numberPlaceholders', () => {
    expect(numberPlaceholders('SELECT a FROM t WHERE b = ? AND c IN (?,?)')).toBe(
      'SELECT a FROM t WHERE b = $1 AND c IN ($2,$3)',
    )
    expect(numberPlaceholders('SELECT 1')).toBe('SELECT 1')
  })

  it('has one name for one text, short enough for the server', () => {
    expect(statementName('SELECT 1')).toBe(statementName('SELECT 1'))
    expect(statementName('SELECT 1')).not.toBe(statementName('SELECT 2'))
    expect(statementName('SELECT 1'.repeat(100)).length).toBeLessThan(64)
  })

  it.each<readonly [sql: string, sets: SqlValue[][], text: string, values: readonly unknown[]]>([
    [
      'SELECT x FROM t WHERE project_id = ? AND id = ?',
      [
        ['p', 'a'],
        ['p', 'b'],
      ],
      `SELECT given.given_place, found.* FROM unnest($2::text[]) WITH ORDINALITY AS given(p2, given_place),
        LATERAL (SELECT x FROM t WHERE project_id = $1 AND id = given.p2 LIMIT 1) AS found`,
      ['p', ['a', 'b']],
    ],
    [
      'INSERT INTO t (project_id, n, x) VALUES (?, ?, ?)',
      [
        ['p', 1, null],
        ['q', null, null],
      ],
      `INSERT INTO t (project_id, n, x) SELECT given.p1, given.p2, given.p3
        FROM unnest($1::text[], $2::bigint[], $3::text[]) AS given(p1, p2, p3)`,
      [
        ['p', 'q'],
        [1, null],
        [null, null],
      ],
    ],
    [
      'UPDATE t SET x = ? WHERE owner_project_id = ? AND n = ?',
      [
        ['a', 'p', 1],
        ['b', 'p', 2],
      ],
      `UPDATE t SET x = given.p1 FROM unnest($1::text[], $3::bigint[]) AS given(p1, p3)
        WHERE owner_project_id = $2 AND n = given.p3`,
      [['a', 'b'], 'p', [1, 2]],
    ],
    [
      'DELETE FROM t WHERE project_id = ? AND n = ?',
      [
        ['p', 1],
        ['p', 2],
      ],
      'DELETE FROM t USING unnest($2::bigint[]) AS given(p2) WHERE project_id = $1 AND n = given.p2',
      ['p', [1, 2]],
    ],
  ])('for many sets becomes one: %s', (sql, sets, text, values) => {
    const batch = batched(sql, sets)
    expect(flat(batch?.text)?.trim()).toBe(flat(text))
    expect(batch?.values).toEqual(values)
  })

  it.each<readonly [why: string, sql: string, sets: SqlValue[][]]>([
    ['rows of two projects', 'UPDATE t SET x = x WHERE project_id = ?', [['p'], ['q']]],
    ['nothing but one project', 'UPDATE t SET x = x WHERE project_id = ?', [['p'], ['p']]],
    ['rows that may meet', 'INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO NOTHING', [['x'], ['x']]],
    ['every row of a table', 'UPDATE t SET x = ?', [['x'], ['y']]],
    ['what is no statement on rows', 'CREATE TABLE t (a TEXT)', [[], []]],
  ])('stays as it is for %s', (_why, sql, sets) => {
    expect(batched(sql, sets)).toBeUndefined()
  })
})

it.each([1.5, Number.NaN, 2 ** 53, {}, undefined, true, [], 1n])('%s goes into no statement', (value) => {
  expect(() => toBound(value as SqlValue)).toThrow(TypeError)
})

describe('the server', () => {
  let database: TestDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await createDatabase()
    const options = postgresOptions(database.url)
    await migratePostgres(options)
    client = new pg.Client(clientConfig(options, 'write'))
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  it('finds the rows of a commit by the index that leads straight to them, as soon as it has looked', async () => {
    await client.query(`INSERT INTO resource SELECT 'p', 'images', i, 'r' || i, '', '{}', '[]', 1, 1, 1
      FROM generate_series(1, 500) AS i; ANALYZE resource`)
    const plans: string[] = []
    const explain = async (sql: string, sets: readonly (readonly SqlValue[])[]) => {
      const batch = sets.length > 1 ? batched(sql, sets) : undefined
      const { text, values } = batch ?? { text: numberPlaceholders(sql), values: sets[0] ?? [] }
      if (sets.length === 0 || !/^(SELECT|UPDATE|DELETE)[^(]*\bresource\s/.test(sql)) return
      const { rows } = await client.query(`EXPLAIN ${text}`, values as unknown[])
      const lines = rows.map((row) => String(row['QUERY PLAN']).trim())
      plans.push(lines.filter((line) => /Scan|Cond|Filter/.test(line) && !/Scan on unnest/.test(line)).join('; '))
    }
    const state = JSON.stringify([['k', 'old']])
    const known = { sequence: 1, created_at_ms: 1, name: '', detail: '{}', tags: state }
    const writer = new TagWriter({
      all: async () => [],
      get: async () => ({ revision: 1, last_sequence: 9 }),
      getEach: async (sql, sets) => {
        await explain(sql, sets)
        return sets.map(() => known)
      },
      runEach: explain,
    })
    await writer.commit('p', [setTags('a', 'k=v'), setTags('b', 'k=v'), remove('c'), remove('d'), register('e', 'k=v')])
    const straight = (index: string, column: string) =>
      new RegExp(`Index Scan using ${index} .*Index Cond: \\(+project_id = .*resource_type = .*${column} = [^;]*$`)
    // To look, to delete, to change the tags alone, and to change all of it.
    expect(plans).toEqual([
      expect.stringMatching(straight('resource_by_id', 'resource_id')),
      expect.stringMatching(straight('resource_pkey', 'sequence')),
      expect.stringMatching(straight('resource_pkey', 'sequence')),
      expect.stringMatching(straight('resource_pkey', 'sequence')),
    ])
  })
})
