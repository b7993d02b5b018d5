import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createDatabase, EMPTY_EVERY_TABLE, postgresOptions, type TestDatabase } from '../support/postgres.ts'
import { accountStoreConformance } from './account-store.ts'
import { coverageStoreConformance } from './coverage-store.ts'
import { ignoredGroupStoreConformance } from './ignored-group-store.ts'
import { imageMemberStoreConformance } from './image-member-store.ts'
import { planStoreConformance } from './plan-store.ts'
import { predefinedTagStoreConformance } from './predefined-tag-store.ts'
import { tagPolicyStoreConformance } from './tag-policy-store.ts'
import { tagStoreConformance } from './tag-store.ts'

describe('the PostgreSQL store', () => {
  let database: TestDatabase
  let admin: pg.Client
  let store: Store

  function open(migrates = false): Promise<Store> {
    const onUnreachable = (reason: string) => {
      throw new Error(`the database is unreachable: ${reason}`)
    }
    return openPostgresStore({
      ...postgresOptions(database.url),
      onUnreachable,
      onReachable: () => undefined,
      migrates,
    })
  }

  beforeAll(async () => {
    // A collation whose order differs much from code point order.
    database = await createDatabase(`LOCALE_PROVIDER icu ICU_LOCALE 'da-DK'`)
    store = await open(true)
    admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
  })

  afterAll(async () => {
    await store.close()
    await admin.end()
    await database.drop()
  })

  // One database and one store for all tests, because opening connections takes time.
  beforeEach(async () => {
    await admin.query(EMPTY_EVERY_TABLE)
    const isOpen = await store.getRevision('p').then(
      () => true,
      () => false,
    )
    if (!isOpen) store = await open()
  })

  async function reopened(): Promise<Store> {
    await store.close()
    store = await open()
    return store
  }

  describe('as a tag store', () => tagStoreConformance(() => store, reopened))
  describe('as an account store', () => accountStoreConformance(() => store, reopened))
  describe('as an image member store', () => imageMemberStoreConformance(() => store, reopened))
  describe('as a store of coverage', () => coverageStoreConformance(() => store, reopened))
  describe('as a plan store', () => planStoreConformance(() => store, reopened))
  describe('as a predefined tag store', () => predefinedTagStoreConformance(() => store, reopened))
  describe('as a store of ignored groups', () => ignoredGroupStoreConformance(() => store, reopened))
  describe('as a store of tag policies', () => tagPolicyStoreConformance(() => store, reopened))
})
