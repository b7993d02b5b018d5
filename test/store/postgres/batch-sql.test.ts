import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchQuery, numberPlaceholders, statementName } from '../../../src/store/postgres/batch-sql.ts'
import { clientConfig } from '../../../src/store/postgres/client-config.ts'
import { migratePostgres } from '../../../src/store/postgres/schema.ts'
import { toBound } from '../../../src/store/postgres/values.ts'
import { type BatchStatement, statementText } from '../../../src/store/sql/batch-statement.ts'
import type { SqlValue } from '../../../src/store/sql/sql.ts'
import { TagWriter } from '../../../src/store/sql/tag-writer.ts'
import { register, remove, setTags } from '../../conformance/requests.ts'
import { createDatabase, postgresOptions, type TestDatabase } from '../../support/postgres.ts'

describe('the text of a query', () => {
  it('the parameters of a query are numbered in order', () => {
    expect(numberPlaceholders('SELECT a FROM t WHERE b = ? AND c IN (?,?)')).toBe(
      'SELECT a FROM t WHERE b = $1 AND c IN ($2,$3)',
    )
    expect(numberPlaceholders('SELECT 1')).toBe('SELECT 1')
  })

  it('a question mark in a quoted text is no parameter', () => {
    expect(numberPlaceholders("SELECT '?', 'it''s ?' WHERE a = ?")).toBe("SELECT '?', 'it''s ?' WHERE a = $1")
  })

  it('a prepared statement is named by its text, within the length limit of the server', () => {
    expect(statementName('SELECT 1')).toBe(statementName('SELECT 1'))
    expect(statementName('SELECT 1')).not.toBe(statementName('SELECT 2'))
    expect(statementName('SELECT 1'.repeat(100)).length).toBeLessThan(64)
  })
})

const OF_PROJECT = { table: 't', keys: ['project_id', 'id'], partition: 'project_id' } as const

describe('a batch query', () => {
  it.each<readonly [kind: string, statement: BatchStatement, sets: SqlValue[][], text: string, values: unknown[]]>([
    [
      'select',
      { ...OF_PROJECT, kind: 'select', columns: ['x', 'y'] },
      [
        ['p', 'a'],
        ['p', 'b'],
      ],
      'SELECT given.param_set, selected.* FROM unnest($2::text[]) WITH ORDINALITY AS given(p2, param_set), ' +
        'LATERAL (SELECT x, y FROM t WHERE project_id = $1 AND id = given.p2 LIMIT 1) AS selected',
      ['p', ['a', 'b']],
    ],
    [
      'insert',
      { kind: 'insert', table: 't', columns: ['project_id', 'n', 'x'] },
      [
        ['p', 1, null],
        ['q', null, null],
      ],
      'INSERT INTO t (project_id, n, x) SELECT given.p1, given.p2, given.p3 ' +
        'FROM unnest($1::text[], $2::bigint[], $3::text[]) AS given(p1, p2, p3)',
      [
        ['p', 'q'],
        [1, null],
        [null, null],
      ],
    ],
    [
      'update',
      { ...OF_PROJECT, kind: 'update', set: ['x'] },
      [
        ['a', 'p', 1],
        ['b', 'p', 2],
      ],
      'UPDATE t SET x = given.p1 FROM unnest($1::text[], $3::bigint[]) AS given(p1, p3) ' +
        'WHERE project_id = $2 AND id = given.p3',
      [['a', 'b'], 'p', [1, 2]],
    ],
    [
      'delete',
      { ...OF_PROJECT, kind: 'delete' },
      [
        ['p', 1],
        ['p', 2],
      ],
      'DELETE FROM t USING unnest($2::bigint[]) AS given(p2) WHERE project_id = $1 AND id = given.p2',
      ['p', [1, 2]],
    ],
    [
      'delete without a partition',
      { kind: 'delete', table: 't', keys: ['a', 'b'] },
      [
        ['x', 1],
        ['y', 2],
      ],
      'DELETE FROM t USING unnest($1::text[], $2::bigint[]) AS given(p1, p2) WHERE a = given.p1 AND b = given.p2',
      [
        ['x', 'y'],
        [1, 2],
      ],
    ],
  ])('a batch query of a %s passes one array per column', (_kind, statement, sets, text, values) => {
    expect(batchQuery(statement, sets)).toEqual({ text, values })
  })

  it.each<readonly [sets: string, statement: BatchStatement, sets: SqlValue[][]]>([
    ['no set', { ...OF_PROJECT, kind: 'delete' }, []],
    ['one set', { ...OF_PROJECT, kind: 'delete' }, [['p', 1]]],
    [
      'sets of two partitions',
      { ...OF_PROJECT, kind: 'delete' },
      [
        ['p', 1],
        ['q', 1],
      ],
    ],
    [
      'sets of nothing but a partition',
      { kind: 'delete', table: 't', keys: ['project_id'], partition: 'project_id' },
      [['p'], ['p']],
    ],
    [
      'upserts',
      { kind: 'upsert', table: 't', keys: ['a'], set: ['b'] },
      [
        ['x', 1],
        ['x', 2],
      ],
    ],
  ])('there is no batch query for %s', (_sets, statement, sets) => {
    expect(batchQuery(statement, sets)).toBeUndefined()
  })
})

it.each([1.5, Number.NaN, 2 ** 53, {}, undefined, true, [], 1n])('the value %s is refused as a parameter', (value) => {
  expect(() => toBound(value as SqlValue)).toThrow(TypeError)
})

describe('the planner of the server', () => {
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

  it('the planner finds the rows of a commit by an index on their whole key once the table is analyzed', async () => {
    await client.query(`INSERT INTO resource SELECT 1, 'images', i, 'r' || i, i
      FROM generate_series(1, 500) AS i; ANALYZE resource`)
    const plans: string[] = []
    const explain = async (statement: BatchStatement, sets: readonly (readonly SqlValue[])[]) => {
      if (sets.length === 0 || !statement.table.startsWith('resource') || statement.kind === 'insert') return
      const single = { text: numberPlaceholders(statementText(statement)), values: sets[0] ?? [] }
      const { text, values } = batchQuery(statement, sets) ?? single
      const { rows } = await client.query(`EXPLAIN ${text}`, values as unknown[])
      const lines = rows.map((row) => String(row['QUERY PLAN']).trim())
      plans.push(lines.filter((line) => /Scan|Cond|Filter/.test(line) && !/Scan on unnest/.test(line)).join('; '))
    }
    const state = JSON.stringify([['k', 'old']])
    const ofRow = { resource_type: 'images', logged_type: 'images', resource_id: 'a', logged_id: 'a' }
    const known = { ...ofRow, revision: 1, sequence: 1, created_at_ms: 1, name: '', detail: '{}', tags: state }
    const writer = new TagWriter({
      rowLock: '',
      nextProjectNo: '',
      all: async () => [],
      get: async () => ({ project_no: 1, revision: 1, last_sequence: 9, last_at_ms: 0, at_ms: 0, policy_hash: null }),
      run: async () => undefined,
      getBatch: async (statement, sets) => {
        await explain(statement, sets)
        return sets.map(() => known)
      },
      runBatch: explain,
    })
    await writer.commit('p', [setTags('a', 'k=v'), setTags('b', 'k=v'), remove('c'), remove('d'), register('e', 'k=v')])
    const straight = (index: string, column: string) =>
      new RegExp(`Index Scan using ${index} .*Index Cond: \\(+project_no = .*resource_type = .*${column} = [^;]*$`)
    // Select with the state from the log, delete, update.
    expect(plans).toEqual([
      expect.stringMatching(
        /Index Scan using resource_by_id .*Index Scan using change_log_pkey\d? .*Index Cond: \(log_key = /,
      ),
      expect.stringMatching(straight('resource_pkey\\d?', 'sequence')),
      expect.stringMatching(straight('resource_pkey\\d?', 'sequence')),
    ])
  })
})
