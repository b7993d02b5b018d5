import { randomInt } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { DomainError } from '../core/errors.ts'
import { invalid } from '../core/errors.ts'
import type { AccessKey, AccessKeyChanges, AccountStore, KeyChanger } from '../store/account-store.ts'
import { throwUnlessDone } from './account-verdict.ts'
import { notFound } from './not-found.ts'
import type { Principal, Scope } from './principal.ts'
import type { Principals } from './principals.ts'
import { RevisionCache } from './revision-cache.ts'

export type { AccessKey } from '../store/account-store.ts'

/** What is needed to check a signature. */
export type SigningSecret = { readonly secretKey: string; readonly userId: string }

/** Where a signed request wants to work: a project, a domain, or the user's own domain. */
export type KeyScope =
  | { readonly kind: 'project'; readonly id: string }
  | { readonly kind: 'domain'; readonly id?: string }

/** The vendor's number (Huawei Cloud IAM, "Notes and Constraints"). */
const KEYS_PER_USER_MAX = 2
const ACCESS_KEY_CHARACTERS = 20
const SECRET_KEY_CHARACTERS = 40
const UPPER_CASE_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const LETTERS_AND_DIGITS = `${UPPER_CASE_AND_DIGITS}abcdefghijklmnopqrstuvwxyz`

/** The keys with which users sign requests. */
export class AccessKeys {
  readonly #store: AccountStore
  readonly #clock: Clock
  readonly #principals: Principals
  readonly #secrets = new RevisionCache<SigningSecret>()
  readonly #signers = new RevisionCache<Principal>()

  constructor(store: AccountStore, clock: Clock, principals: Principals) {
    this.#store = store
    this.#clock = clock
    this.#principals = principals
  }

  /** Gives the keys of a user, oldest first. */
  list(userId: string): Promise<readonly AccessKey[]> {
    return this.#store.listAccessKeys(userId)
  }

  /** Gives a key. Throws `resource-not-found`. */
  async get(accessKey: string): Promise<AccessKey> {
    const key = await this.#store.getAccessKey(accessKey)
    if (key === undefined) throw keyNotFound(accessKey)
    return key
  }

  /**
   * Makes a key for a user. Throws `resource-not-found`, and `account-quota-exceeded` when the user has two already.
   */
  async create(userId: string, description: string): Promise<AccessKey> {
    const key: AccessKey = {
      accessKey: randomText(UPPER_CASE_AND_DIGITS, ACCESS_KEY_CHARACTERS),
      secretKey: randomText(LETTERS_AND_DIGITS, SECRET_KEY_CHARACTERS),
      ...{ userId, description, active: true, locked: false, createdAtMs: this.#clock() },
    }
    const tooMany = { name: 'items-max', limit: KEYS_PER_USER_MAX } as const
    throwUnlessDone(await this.#store.createAccessKey(key, KEYS_PER_USER_MAX), {
      absent: notFound('credential.user_id', 'the id of a user of the domain', userId),
      full: invalid('access keys of the user', tooMany, undefined, 'account-quota-exceeded'),
    })
    return key
  }

  /**
   * Changes a key; what is undefined stays. A key that an administrator switched off stays off for its user. Throws
   * `resource-not-found`, and `action-forbidden` to the user of such a key.
   */
  async update(accessKey: string, changes: AccessKeyChanges, by: KeyChanger): Promise<AccessKey> {
    throwUnlessDone(await this.#store.updateAccessKey(accessKey, changes, by), { absent: keyNotFound(accessKey) })
    return this.get(accessKey)
  }

  /** Deletes a key. Throws `resource-not-found`. */
  async remove(accessKey: string): Promise<void> {
    throwUnlessDone(await this.#store.deleteAccessKey(accessKey), { absent: keyNotFound(accessKey) })
  }

  /**
   * Gives what a signature is checked with; undefined when the key is unknown or inactive, or its user may not log
   * in.
   */
  async secretOf(accessKey: string): Promise<SigningSecret | undefined> {
    const revision = await this.#store.getAccountsRevision()
    return this.#secrets.get(accessKey, revision, async () => {
      const key = await this.#store.getAccessKey(accessKey)
      if (!key?.active) return undefined
      const user = await this.#store.getUser(key.userId)
      return user?.enabled ? { secretKey: key.secretKey, userId: key.userId } : undefined
    })
  }

  /**
   * Gives what a user is in a scope; undefined when it is nobody there. In its own domain, which is what is meant when
   * nothing is named, a user needs no role: SDKs look up the id of their project there before they can name it.
   */
  async principalIn(userId: string, scope: KeyScope): Promise<Principal | undefined> {
    const revision = await this.#store.getAccountsRevision()
    return this.#signers.get(JSON.stringify([userId, scope.kind, scope.id]), revision, async () => {
      const user = await this.#store.getUser(userId)
      if (!user?.enabled) return undefined
      const kind: Scope['kind'] = scope.kind
      return this.#principals.of(user, { kind, id: scope.id ?? user.domainId }, scope.id !== undefined)
    })
  }
}

function randomText(alphabet: string, characters: number): string {
  return Array.from({ length: characters }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** The failure of a call that names a key which is not there, or is another user's. */
export function keyNotFound(accessKey: string): DomainError {
  return notFound('access_key', 'an access key of the user', accessKey)
}
