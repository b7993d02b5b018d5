import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { INITIAL_SIGNING_KEY_ID, NO_ATTRIBUTES } from '../../src/store/account-records.ts'
import { SCHEMA_VERSION } from '../../src/store/migrate.ts'
import { initialSchemaMigration } from '../../src/store/migrations/0001-initial-schema.ts'
import { SQLITE_DIALECT } from '../../src/store/sqlite/connection.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { contentsOf } from '../conformance/requests.ts'

// Data of the first schema version, as the first release wrote it.

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-migrate-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function writeFirstSchema(): void {
  const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
  db.exec('CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (1)')
  for (const statement of initialSchemaMigration(SQLITE_DIALECT)) db.exec(statement)
  db.exec(`
    INSERT INTO project_state VALUES ('p', 2, 1);
    INSERT INTO resource VALUES ('p', 'images', 1, 'i', 'name', '{}', '[["a","1"]]', 2, 1000, 2000);
    INSERT INTO change_log VALUES ('p', 1, 'register', 'images', 'i', 1, 'name', '{}', '[]', 'ann', 'r1', 1000);
    INSERT INTO change_log VALUES ('p', 2, 'set-tags', 'images', 'i', 1, 'name', '{}', '[["a","1"]]', 'ann', 'r2', 2000);
    INSERT INTO account_state VALUES (1, 1, '{}');
    INSERT INTO domain VALUES ('d', 'default');
    INSERT INTO project VALUES ('p', 'd', 'default', '', 1);
    INSERT INTO app_user VALUES ('u', 'd', 'ann', 'hash', 1);
    INSERT INTO role_assignment VALUES ('u', 'domain', 'd', 'te_admin');
  `)
  db.close()
}

it('a data folder of the first schema version is migrated with all its data', async () => {
  writeFirstSchema()
  const store = await openSqliteStore(folder, () => undefined)
  try {
    expect(await contentsOf(store, 'p')).toEqual({
      revision: 2,
      resources: [{ id: 'i', sequence: 1, tags: ['a=1'] }],
    })
    // The changes of the first schema version lack the creation time of a resource, but for its last change.
    expect((await store.changesSince('p', 0, 10)).map(({ createdAtMs }) => createdAtMs)).toEqual([1000, 1000])
    expect(await store.getUserByName('d', 'ann')).toMatchObject({
      id: 'u',
      enabled: true,
      description: '',
      email: '',
      attributes: NO_ATTRIBUTES,
    })
    expect(await store.listSigningKeys()).toEqual([
      { id: INITIAL_SIGNING_KEY_ID, privateKey: '{}', verifiesUntilMs: undefined },
    ])
    expect(await store.getProject('p')).toMatchObject({ name: 'default', tags: [], limits: {} })
    expect(await store.getUsage('p')).toEqual({ resources: 1, detailBytes: 2 })
    expect(await store.listAssignments('u')).toEqual([{ userId: 'u', scope: 'domain', scopeId: 'd', role: 'te_admin' }])
  } finally {
    await store.close()
  }
  const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
  expect(db.prepare('SELECT version FROM schema_version').all()).toEqual([{ version: SCHEMA_VERSION }])
  db.close()
})

it('data of a newer program is refused', async () => {
  const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
  db.exec(
    `CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (${SCHEMA_VERSION + 1})`,
  )
  db.close()
  await expect(openSqliteStore(folder, () => undefined)).rejects.toThrow('newer Tagwerk')
})
