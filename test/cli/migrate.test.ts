import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SCHEMA_VERSION } from '../../src/store/migrate.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { run } from './run.ts'

// For PostgreSQL, see test/service/postgres.test.ts.

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-migrate-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('migrate updates a data folder, can be repeated, and refuses a folder in use', async () => {
  const data = join(folder, 'data')
  for (let i = 0; i < 2; i++) {
    expect(await run(['migrate', '--data', data])).toEqual({
      code: 0,
      stderr: '',
      stdout: `The schema in ${data} is up to date (version ${SCHEMA_VERSION}).\n`,
    })
  }
  const { stdout } = await run(['migrate', '--data', data, '--json'])
  expect(JSON.parse(stdout)).toEqual({ store: data, schema_version: SCHEMA_VERSION })
  const store = await openSqliteStore(data, () => undefined)
  expect(await store.getAccountsRevision()).toBe(0)
  const { code, stderr } = await run(['migrate', '--data', data])
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is in use by another Tagwerk process') })
  await store.close()
})
