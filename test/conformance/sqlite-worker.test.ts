import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { openSqlitePrimary, openSqliteWorker, type SqlitePrimary } from '../../src/store/sqlite/sqlite-store.ts'
import type { SendWrite } from '../../src/store/sqlite/writer-client.ts'
import type { Store } from '../../src/store/store.ts'
import { accountStoreConformance } from './account-store.ts'
import { ignoredGroupStoreConformance } from './ignored-group-store.ts'
import { imageMemberStoreConformance } from './image-member-store.ts'
import { emptyDatabaseFile } from './locations.ts'
import { predefinedTagStoreConformance } from './predefined-tag-store.ts'
import { tagPolicyStoreConformance } from './tag-policy-store.ts'
import { tagStoreConformance } from './tag-store.ts'

describe('the SQLite store of a worker process', () => {
  let folder: string
  let primary: SqlitePrimary
  let worker: Store

  /** Sends a call as a message between processes does: as a copy, and asynchronously. */
  const sent: SendWrite = async (call) => {
    const copied = structuredClone(call)
    await new Promise(setImmediate)
    return structuredClone(await primary.send(copied))
  }

  async function open(): Promise<void> {
    primary = await openSqlitePrimary(folder, (error) => {
      throw error
    })
    worker = openSqliteWorker(folder, sent)
  }

  async function close(): Promise<void> {
    await worker.close()
    await primary.store.close()
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-member-'))
    await open()
  })

  afterAll(async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  })

  // One store for all tests, because starting its thread takes longer than most of them.
  beforeEach(async () => {
    emptyDatabaseFile(join(folder, 'tagwerk.sqlite'))
    const isOpen = await worker.getRevision('p').then(
      () => true,
      () => false,
    )
    if (isOpen) return
    await primary.store.close()
    await open()
  })

  async function reopened(): Promise<Store> {
    await close()
    await open()
    return worker
  }

  describe('as a tag store', () => tagStoreConformance(() => worker, reopened))
  describe('as an account store', () => accountStoreConformance(() => worker, reopened))
  describe('as an image member store', () => imageMemberStoreConformance(() => worker, reopened))
  describe('as a predefined tag store', () => predefinedTagStoreConformance(() => worker, reopened))
  describe('as a store of ignored groups', () => ignoredGroupStoreConformance(() => worker, reopened))
  describe('as a store of tag policies', () => tagPolicyStoreConformance(() => worker, reopened))
})
