import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { accountStoreConformance } from './account-store.ts'
import { coverageStoreConformance } from './coverage-store.ts'
import { ignoredGroupStoreConformance } from './ignored-group-store.ts'
import { imageMemberStoreConformance } from './image-member-store.ts'
import { emptyDatabaseFile } from './locations.ts'
import { planStoreConformance } from './plan-store.ts'
import { predefinedTagStoreConformance } from './predefined-tag-store.ts'
import { tagPolicyStoreConformance } from './tag-policy-store.ts'
import { tagStoreConformance } from './tag-store.ts'

describe('the SQLite store', () => {
  let folder: string
  let store: Store

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-store-'))
    store = await open()
  })

  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  // One store for all tests, because starting its thread takes longer than most of them.
  beforeEach(async () => {
    emptyDatabaseFile(join(folder, 'tagwerk.sqlite'))
    const isOpen = await store.getRevision('p').then(
      () => true,
      () => false,
    )
    if (!isOpen) store = await open()
  })

  function open(): Promise<Store> {
    return openSqliteStore(folder, (error) => {
      throw error
    })
  }

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
