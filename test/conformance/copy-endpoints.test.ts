import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CopyRow, CopySource, CopyTable, CopyTarget } from '../../src/store/copy/endpoints.ts'
import { COPY_TABLES } from '../../src/store/copy/tables.ts'
import { openCopySource, openCopyTarget } from '../../src/store/open.ts'
import { openLocation, TEST_LOCATIONS, type TestLocation } from './locations.ts'
import { register } from './requests.ts'

// Tests every sentence of `CopySource` and `CopyTarget` on every engine.

const tableOf = (name: string) => COPY_TABLES.find((table) => table.name === name) as CopyTable
const TOKENS = tableOf('revoked_token')
const LOG = tableOf('change_log')

async function allOf(from: Pick<CopySource, 'rowsOf'>, table: CopyTable): Promise<CopyRow[]> {
  const all: CopyRow[] = []
  for await (const rows of from.rowsOf(table)) all.push(...rows)
  return all
}

describe.each(TEST_LOCATIONS)('copy endpoints of %s', (_engine, makeLocation) => {
  let location: TestLocation
  const opened: { close(): Promise<void> }[] = []
  beforeEach(async () => {
    location = await makeLocation()
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    await location.dispose()
  })

  async function source(): Promise<CopySource> {
    const made = await openCopySource(location.at)
    opened.push(made)
    return made
  }

  async function target(): Promise<CopyTarget> {
    const made = await openCopyTarget(location.at)
    opened.push(made)
    return made
  }

  /** Creates a complete store with these rows. */
  async function filled(table: CopyTable, rows: readonly CopyRow[]): Promise<void> {
    const made = await target()
    await made.write(table, [], rows)
    await made.finish()
    await made.close()
  }

  it('the copied tables are all tables and columns of the schema', async () => {
    await (await openLocation(location)).close()
    const known = COPY_TABLES.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`))
    // The schema version and the identity of a data folder are properties of the store that is copied into.
    // So are columns that are computed from others, which PostgreSQL lists.
    const isOfStore = (column: string) =>
      /^(schema_version|store_identity)\.|^change_log\.(project_no|revision)$/.test(column)
    const columns = (await location.columns()).filter((column) => !isOfStore(column))
    expect(known.toSorted()).toEqual(columns.toSorted())
  })

  it('a source counts the rows of a table and returns every row once, in batches', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => [`token ${i}`, i] as const)
    await filled(TOKENS, rows)
    const from = await source()
    expect(await from.countRows(TOKENS)).toBe(2500)
    expect(await from.countRows(LOG)).toBe(0)
    const batches: (readonly CopyRow[])[] = []
    for await (const batch of from.rowsOf(TOKENS)) batches.push(batch)
    expect(batches.length).toBeGreaterThan(1)
    expect(batches.flat().toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual(rows)
    expect(await allOf(from, LOG)).toEqual([])
  })

  it('a source returns every row once when the key has several columns and there are several projects', async () => {
    // Keys that cannot be a number in every language.
    const key = (project: number, revision: number) => String(BigInt(project) * 2n ** 40n + BigInt(revision))
    const row = (project: number, revision: number): CopyRow => [
      key(project, revision),
      ...['delete', 'images', 'i', 1, null, null, null, 'ann', 'r', 7, null],
      revision > 600 ? null : revision,
      null,
    ]
    const rows = [9, 1_000_000].flatMap((project) => Array.from({ length: 700 }, (_, i) => row(project, i + 1)))
    await filled(LOG, rows)
    const from = await source()
    expect(await allOf(from, LOG)).toEqual(rows)
    const keys = [[key(9, 700)], [key(9, 701)], [key(9, 1)], [key(1_000_000, 2)]]
    expect(await from.rowsWith(LOG, keys)).toEqual([row(9, 700), undefined, row(9, 1), row(1_000_000, 2)])
  })

  it('every text is copied unchanged', async () => {
    const odd = ['\0', '\uFFFF', '\uFFFF0', 'a\0b', '', '值', '😀', "'", '{"a",NULL}', 'NULL', '\\']
    const rows = odd.map((text, i) => [text, i] as const)
    await filled(TOKENS, rows)
    const from = await source()
    expect((await allOf(from, TOKENS)).toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual(rows)
    expect(
      await from.rowsWith(
        TOKENS,
        rows.toReversed().map(([text]) => [text]),
      ),
    ).toEqual(rows.toReversed())
  })

  it('a source reads one snapshot until a new one is started', async () => {
    await filled(TOKENS, [['a', 1]])
    const from = await source()
    expect(await from.countRows(TOKENS)).toBe(1)
    await location.sql(`INSERT INTO revoked_token (token_id, expires_at_ms) VALUES ('b', 2)`)
    expect(await from.countRows(TOKENS)).toBe(1)
    expect(await allOf(from, TOKENS)).toEqual([['a', 1]])
    expect(await from.rowsWith(TOKENS, [['b']])).toEqual([undefined])
    await from.renew()
    expect(await from.countRows(TOKENS)).toBe(2)
    expect(await from.rowsWith(TOKENS, [['b']])).toEqual([['b', 2]])
  })

  it('a write removes rows and then adds rows in one transaction, durably', async () => {
    const into = await target()
    await into.write(
      TOKENS,
      [],
      [
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ],
    )
    await into.write(TOKENS, [['a'], ['b'], ['none']], [['a', 10]])
    const after = [
      ['a', 10],
      ['c', 3],
    ]
    expect(await allOf(into, TOKENS)).toEqual(after)
    await expect(
      into.write(
        TOKENS,
        [['a']],
        [
          ['d', 4],
          ['c', 5],
        ],
      ),
    ).rejects.toThrow(/unique/i)
    expect(await allOf(into, TOKENS)).toEqual(after)
    await into.close()
    await into.close()
    expect(await allOf(await target(), TOKENS)).toEqual(after)
  })

  it('an unfinished copy is opened only by another copy, and a finished one by any store', async () => {
    const into = await target()
    await into.write(TOKENS, [], [['a', 1]])
    await into.close()
    await expect(openLocation(location)).rejects.toThrow('unfinished copy')
    await expect(source()).rejects.toThrow('unfinished copy')
    const again = await target()
    await again.finish()
    await again.close()
    const store = await openLocation(location)
    expect(await store.isTokenRevoked('a')).toBe(true)
    await store.close()
    expect(await allOf(await source(), TOKENS)).toEqual([['a', 1]])
  })

  it('an empty store can be a target, and a store with other data cannot', async () => {
    const store = await openLocation(location)
    await store.close()
    const into = await target()
    await into.finish()
    await into.close()
    const again = await openLocation(location)
    await again.commit('p', [register('i1', 'a=1')])
    await again.close()
    await expect(target()).rejects.toThrow(
      'there is other data (in table project_state): only an empty store can be copied into',
    )
    const untouched = await openLocation(location)
    expect(await untouched.getRevision('p')).toBe(1)
    await untouched.close()
  })

  it('two copies into one store cannot run at once', async () => {
    const into = await target()
    await expect(target()).rejects.toThrow(
      /in use by another Tagwerk process|another "tagwerk copy" into the same database is running/,
    )
    await into.close()
    await target()
  })

  it('a store of another schema version is refused as source and as target', async () => {
    await expect(source()).rejects.toThrow('there is no data of Tagwerk')
    await filled(TOKENS, [])
    await location.sql('UPDATE schema_version SET version = version - 1')
    await expect(source()).rejects.toThrow(
      /the schema is number \d+, and this Tagwerk needs \d+: run "tagwerk migrate"/,
    )
    await expect(target()).rejects.toThrow(/the schema is number \d+/)
    await location.sql('UPDATE schema_version SET version = version + 2')
    await expect(source()).rejects.toThrow('newer Tagwerk')
    await expect(target()).rejects.toThrow('newer Tagwerk')
    await location.sql('UPDATE schema_version SET version = version + 1000000')
    await expect(target()).rejects.toThrow(/unfinished copy \(of schema \d+\)/)
  })
})
