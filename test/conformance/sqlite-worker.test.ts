import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe } from 'vitest'
import { openSqlitePrimary, openSqliteWorker, type SqlitePrimary } from '../../src/store/sqlite/sqlite-store.ts'
import type { SendWrite } from '../../src/store/sqlite/writer-client.ts'
import type { Store } from '../../src/store/store.ts'
import { accountStoreConformance } from './account-store.ts'
import { imageMemberStoreConformance } from './image-member-store.ts'
import { predefinedTagStoreConformance } from './predefined-tag-store.ts'
import { tagStoreConformance } from './tag-store.ts'

describe('the SQLite store of a process that another one writes for', () => {
  let folder: string
  let host: SqlitePrimary
  let member: Store

  /** What a message between processes does to a call: it arrives as a copy, and later. */
  const sent: SendWrite = async (call) => {
    const copied = structuredClone(call)
    await new Promise(setImmediate)
    return structuredClone(await host.send(copied))
  }

  async function open(): Promise<void> {
    host = await openSqlitePrimary(folder, (error) => {
      throw error
    })
    member = openSqliteWorker(folder, sent)
  }

  async function close(): Promise<void> {
    await member.close()
    await host.store.close()
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-member-'))
    await open()
  })

  afterEach(async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  })

  async function reopened(): Promise<Store> {
    await close()
    await open()
    return member
  }

  describe('keeps tags', () => tagStoreConformance(() => member, reopened))
  describe('keeps accounts', () => accountStoreConformance(() => member, reopened))
  describe('keeps members of images', () => imageMemberStoreConformance(() => member, reopened))
  describe('keeps predefined tags', () => predefinedTagStoreConformance(() => member, reopened))
})
