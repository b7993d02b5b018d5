import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createDatabase, EMPTY_EVERY_TABLE, postgresOptions, type TestDatabase } from '../support/postgres.ts'
import { accountStoreConformance } from './account-store.ts'
import { imageMemberStoreConformance } from './image-member-store.ts'
import { predefinedTagStoreConformance } from './predefined-tag-store.ts'
import { tagStoreConformance } from './tag-store.ts'

describe('the PostgreSQL store', () => {
  let database: TestDatabase
  let emptier: pg.Client
  let store: Store

  function open(migrates = false): Promise<Store> {
    const onUnreachable = (reason: string) => {
      throw new Error(`the database is away: ${reason}`)
    }
    return openPostgresStore({
      ...postgresOptions(database.url),
      onUnreachable,
      onReachable: () => undefined,
      migrates,
    })
  }

  beforeAll(async () => {
    // With a language's idea of order, as far from that of code points as it gets.
    database = await createDatabase(`LOCALE_PROVIDER icu ICU_LOCALE 'da-DK'`)
    store = await open(true)
    emptier = new pg.Client({ connectionString: database.url })
    await emptier.connect()
  })

  afterAll(async () => {
    await store.close()
    await emptier.end()
    await database.drop()
  })

  // A database and a store for all, because making connections is what takes time here.
  beforeEach(async () => {
    await emptier.query(EMPTY_EVERY_TABLE)
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

  describe('keeps tags', () => tagStoreConformance(() => store, reopened))
  describe('keeps accounts', () => accountStoreConformance(() => store, reopened))
  describe('keeps members of images', () => imageMemberStoreConformance(() => store, reopened))
  describe('keeps predefined tags', () => predefinedTagStoreConformance(() => store, reopened))
})
