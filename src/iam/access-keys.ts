import { randomInt } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { DomainError, invalid } from '../core/errors.ts'
import type { AccessKey } from '../store/account-records.ts'
import type { AccessKeyChanges, KeyChanger } from '../store/account-store.ts'
import { throwUnlessDone } from './account-verdict.ts'
import { notFound } from './not-found.ts'
import type { Principal, Scope } from './principal.ts'
import type { Principals } from './principals.ts'
import { RevisionCache } from './revision-cache.ts'
import type { SecretRing } from './secret-ring.ts'
import type { AccountReads, AccountWrites } from './write-limit.ts'

export type { AccessKey } from '../store/account-records.ts'

/** The secret that verifies an access key's signatures, and the key's user. */
export type SigningSecret = { readonly secretKey: string; readonly userId: string }

/** The scope of a signed request: a project, a domain, or without an id the user's own domain. */
export type KeyScope =
  | { readonly kind: 'project'; readonly id: string }
  | { readonly kind: 'domain'; readonly id?: string }

/** The vendor's limit (Huawei Cloud IAM, "Notes and Constraints"). */
const KEYS_PER_USER_MAX = 2
const ACCESS_KEY_CHARACTERS = 20
const SECRET_KEY_CHARACTERS = 40
const UPPER_CASE_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const LETTERS_AND_DIGITS = `${UPPER_CASE_AND_DIGITS}abcdefghijklmnopqrstuvwxyz`

/** Manages the access keys of users, and resolves who signed a request. */
export class AccessKeys {
  readonly #store: AccountReads
  readonly #writes: AccountWrites
  readonly #clock: Clock
  readonly #principals: Principals
  readonly #ring: SecretRing
  readonly #secrets = new RevisionCache<SigningSecret>()
  readonly #signers = new RevisionCache<Principal>()

  constructor(store: AccountReads, writes: AccountWrites, clock: Clock, principals: Principals, ring: SecretRing) {
    this.#store = store
    this.#writes = writes
    this.#clock = clock
    this.#principals = principals
    this.#ring = ring
  }

  /** Lists the keys of a user, oldest first. */
  list(userId: string): Promise<readonly AccessKey[]> {
    return this.#store.listAccessKeys(userId)
  }

  /** Gives a key. Throws `resource-not-found`. */
  async get(accessKey: string): Promise<AccessKey> {
    const key = await this.#store.getAccessKey(accessKey)
    if (key === undefined) throw keyNotFound(accessKey)
    return key
  }

  /** Creates a key for a user, and gives it with its secret in clear. Throws `resource-not-found`, and `account-quota-exceeded` when the user has two keys. */
  async create(userId: string, description: string): Promise<AccessKey> {
    const key: AccessKey = {
      accessKey: randomText(UPPER_CASE_AND_DIGITS, ACCESS_KEY_CHARACTERS),
      secretKey: randomText(LETTERS_AND_DIGITS, SECRET_KEY_CHARACTERS),
      userId,
      description,
      active: true,
      locked: false,
      createdAtMs: this.#clock(),
    }
    const tooMany = { name: 'items-max', limit: KEYS_PER_USER_MAX } as const
    const stored = { ...key, secretKey: this.#ring.seal(key.secretKey, placeOfAccessKey(key.accessKey)) }
    throwUnlessDone(await this.#writes.createAccessKey(stored, KEYS_PER_USER_MAX), {
      absent: notFound('credential.user_id', 'the id of a user of the domain', userId),
      full: invalid('access keys of the user', tooMany, undefined, 'account-quota-exceeded'),
    })
    return key
  }

  /**
   * Updates a key; undefined members do not change. Only an administrator can activate a key again that an administrator
   * has deactivated. Throws `resource-not-found`, and `action-forbidden` when the key's user tries.
   */
  async update(accessKey: string, changes: AccessKeyChanges, by: KeyChanger): Promise<AccessKey> {
    throwUnlessDone(await this.#writes.updateAccessKey(accessKey, changes, by), {
      absent: keyNotFound(accessKey),
      locked: LOCKED,
    })
    return this.get(accessKey)
  }

  /** Deletes a key. Throws `resource-not-found`. */
  async remove(accessKey: string): Promise<void> {
    throwUnlessDone(await this.#writes.deleteAccessKey(accessKey), { absent: keyNotFound(accessKey) })
  }

  /** Gives the secret of an active key; undefined when the key is unknown or inactive, or its user is disabled. */
  async secretOf(accessKey: string): Promise<SigningSecret | undefined> {
    const revision = await this.#store.getAccountsRevision()
    return this.#secrets.get(accessKey, revision, async () => {
      const key = await this.#store.getAccessKey(accessKey)
      if (!key?.active) return undefined
      const user = await this.#store.getUser(key.userId)
      if (!user?.enabled || !(await this.#store.getDomain(user.domainId))?.enabled) return undefined
      return { secretKey: this.#ring.unseal(key.secretKey, placeOfAccessKey(accessKey)), userId: key.userId }
    })
  }

  /**
   * Gives the principal of a user in a scope; undefined when the user is disabled or has no role there. A scope without an
   * id is the user's own domain and requires no role: SDKs look up the id of their project there before they can name it.
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

const LOCKED = new DomainError('action-forbidden', {
  detail: 'An administrator disabled the access key, so only an administrator of the domain enables it.',
})

/** Where the stored form of an access key's secret belongs, for `SecretRing`. */
export function placeOfAccessKey(accessKey: string): string {
  return `access key ${accessKey}`
}

function randomText(alphabet: string, characters: number): string {
  return Array.from({ length: characters }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** The error for a key that does not exist or belongs to another user. */
export function keyNotFound(accessKey: string): DomainError {
  return notFound('access_key', 'an access key of the user', accessKey)
}
