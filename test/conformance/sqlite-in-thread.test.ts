import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe } from 'vitest'
import type { ResourceType } from '../../src/core/resource-types.ts'
import { sqlReads } from '../../src/store/sql/reads.ts'
import { scanOver } from '../../src/store/sql/tag-reader.ts'
import {
  forwardRecordWrites,
  type RecordOperation,
  type RecordResult,
  type RecordWrite,
} from '../../src/store/sql/writes.ts'
import { SqliteConnection } from '../../src/store/sqlite/connection.ts'
import { SqliteWriter } from '../../src/store/sqlite/writer.ts'
import {
  packRequests,
  unpackVerdicts,
  type WriteCall,
  type WriteReply,
} from '../../src/store/sqlite/writer-messages.ts'
import type { Scan, Store, Verdict, WriteRequest } from '../../src/store/store.ts'
import { accountStoreConformance } from './account-store.ts'
import { ignoredGroupStoreConformance } from './ignored-group-store.ts'
import { imageMemberStoreConformance } from './image-member-store.ts'
import { predefinedTagStoreConformance } from './predefined-tag-store.ts'
import { tagPolicyStoreConformance } from './tag-policy-store.ts'
import { tagStoreConformance } from './tag-store.ts'

/** The SQLite writer without its thread: the same statements, one transaction per call, in reach of a debugger. */
function inThreadStore(file: string, writer: SqliteWriter): Store {
  const connection = new SqliteConnection(file, { readOnly: true })
  let isOpen = true
  // Calls are queued, as messages to a thread are.
  let last: Promise<unknown> = Promise.resolve()

  function write(call: WriteCall): Promise<WriteReply> {
    if (!isOpen) return Promise.reject(new Error('the store is closed'))
    const done = last.then(async () => {
      const [reply] = await writer.execute([call])
      if (reply === undefined || 'error' in reply) throw new Error(reply?.error.message)
      return reply
    })
    last = done.catch(() => undefined)
    return done
  }

  async function commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const reply = await write({ id: 1, commit: { project, requests: packRequests(requests) } })
    if (!('verdicts' in reply)) throw new Error('no verdicts')
    return unpackVerdicts(requests, reply.verdicts)
  }

  async function writeRecord<O extends RecordOperation>(record: RecordWrite<O>): Promise<RecordResult<O>> {
    const reply = await write({ id: 1, record: record as RecordWrite })
    if (!('result' in reply)) throw new Error('no result')
    return reply.result as RecordResult<O>
  }

  async function scan(project: string, types: readonly ResourceType[]): Promise<Scan> {
    const snapshot = new SqliteConnection(file, { readOnly: true })
    snapshot.exec('BEGIN')
    return scanOver(snapshot, project, types, () => snapshot.close(), { rows: 32, isAhead: true })
  }

  const statistics = () => ({ connections: [], walBytes: statSync(`${file}-wal`).size, checkpoints: undefined })

  async function close(): Promise<void> {
    if (!isOpen) return
    isOpen = false
    await last
    connection.close()
    writer.close()
  }

  return { ...sqlReads(connection), ...forwardRecordWrites(writeRecord), commit, scan, statistics, close }
}

describe('the SQLite writer on the thread of its caller', () => {
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

  describe('as a tag store', () => tagStoreConformance(() => store, reopened))
  describe('as an account store', () => accountStoreConformance(() => store, reopened))
  describe('as an image member store', () => imageMemberStoreConformance(() => store, reopened))
  describe('as a predefined tag store', () => predefinedTagStoreConformance(() => store, reopened))
  describe('as a store of ignored groups', () => ignoredGroupStoreConformance(() => store, reopened))
  describe('as a store of tag policies', () => tagPolicyStoreConformance(() => store, reopened))
})
