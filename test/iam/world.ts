import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { Accounts } from '../../src/iam/accounts.ts'
import { SecretRing } from '../../src/iam/secret-ring.ts'
import type { AccountStore } from '../../src/store/account-store.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createInitialAccounts } from '../support/initial-accounts.ts'

const CHEAP = { n: 2, r: 1, p: 1 }

/** Accounts on a new store, a clock that a test can set, and the ids of the initial accounts. */
export type IamWorld = {
  readonly store: Store
  readonly accounts: Accounts
  readonly domain: string
  readonly project: string
  readonly admin: string
  /** Names of the store calls since the test began. */
  readonly calls: string[]
  nowMs: number
}

/** Creates the initial accounts before each test. */
export function withAccounts(): () => IamWorld {
  let world: IamWorld
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-iam-'))
    const store = await openSqliteStore(folder, () => {})
    await createInitialAccounts(store, 'secret', CHEAP, 'default')
    const calls: string[] = []
    const clock = () => world.nowMs
    const options = {
      clock,
      monotonicClock: clock,
      tokenTtlSeconds: 600,
      passwordCost: CHEAP,
      secrets: SecretRing.none,
    }
    const nowMs = Date.UTC(2026, 0, 1)
    const records = await initialIds(store)
    world = { store, calls, nowMs, ...records } as IamWorld
    Object.assign(world, { accounts: await Accounts.open({ ...options, store: recordingCalls(store, calls) }) })
  })
  afterEach(async () => {
    await world.store.close()
    await rm(folder, { recursive: true, force: true })
  })
  return () => world
}

async function initialIds(store: AccountStore) {
  const domain = (await store.getDomainByName('default'))?.id as string
  const project = (await store.getProjectByName(domain, 'default'))?.id
  const admin = (await store.getUserByName(domain, 'admin'))?.id
  return { domain, project, admin }
}

/** Forwards all calls to the store and records their names. */
function recordingCalls(store: Store, calls: string[]): AccountStore {
  return new Proxy<AccountStore>(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        calls.push(String(name))
        return Reflect.apply(member, target, args)
      }
    },
  })
}

/** Gives the DomainError with which a promise rejects. */
export async function refusalOf(promise: Promise<unknown>): Promise<DomainError> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof DomainError) return error
  throw error
}
