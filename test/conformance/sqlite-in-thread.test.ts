import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe } from 'vitest'
import type { Resource } from '../../src/core/resource.ts'
import type { ResourceType } from '../../src/core/resource-type.ts'
import { sqlReads } from '../../src/store/sql/reads.ts'
import { resourcesOf, tagReads } from '../../src/store/sql/tag-reader.ts'
import { handedOn, type WriteMethod } from '../../src/store/sql/writes.ts'
import { SqliteConnection } from '../../src/store/sqlite/connection.ts'
import { SqliteWriter } from '../../src/store/sqlite/writer.ts'
import type { Scan, Store } from '../../src/store/store.ts'
import { accountStoreConformance } from './account-store.ts'
import { imageMemberStoreConformance } from './image-member-store.ts'
import { predefinedTagStoreConformance } from './predefined-tag-store.ts'
import { tagStoreConformance } from './tag-store.ts'

/** The SQLite writer without its thread: the same statements, one transaction a call, where a debugger can follow them. */
function inThreadStore(file: string, writer: SqliteWriter): Store {
  const connection = new SqliteConnection(file, { readOnly: true })
  let isOpen = true
  // Calls wait for each other, as messages to a thread do.
  let last: Promise<unknown> = Promise.resolve()

  function call(method: WriteMethod, args: readonly unknown[]): Promise<unknown> {
    if (!isOpen) return Promise.reject(new Error('the store is closed'))
    const done = last.then(async () => {
      const [reply] = await writer.run([{ id: 1, method, args }])
      if (reply === undefined || 'error' in reply) throw new Error(reply?.error.message)
      return reply.value
    })
    last = done.catch(() => undefined)
    return done
  }

  async function scan(project: string, types: readonly ResourceType[]): Promise<Scan> {
    const snapshot = new SqliteConnection(file, { readOnly: true })
    snapshot.exec('BEGIN')
    const revision = await tagReads(snapshot).getRevision(project)
    const batches = (async function* (): AsyncGenerator<readonly Resource[]> {
      yield* resourcesOf(snapshot, project, types)
      snapshot.close()
    })()
    return { revision, batches }
  }

  async function close(): Promise<void> {
    if (!isOpen) return
    isOpen = false
    await last
    connection.close()
    writer.close()
  }

  return { ...sqlReads(connection), ...handedOn(call), scan, close }
}

describe('the SQLite writer in the thread of its caller', () => {
  let folder: string
  let store: Store

  async function open(): Promise<Store> {
    const file = join(folder, 'tagwerk.sqlite')
    const writer = new SqliteWriter(file)
    await writer.migrate()
    return inThreadStore(file, writer)
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-in-thread-'))
    store = await open()
  })

  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
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
