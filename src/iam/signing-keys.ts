import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import type { StoredSigningKey } from '../store/account-records.ts'
import { SecretDamaged, type SecretRing, SecretUnreadable } from './secret-ring.ts'
import { checkSigningKey, TokenSigner } from './token.ts'
import type { AccountReads } from './write-limit.ts'

/** Where the stored form of a signing key belongs, for `SecretRing`. */
export function placeOfSigningKey(id: string): string {
  return `signing key ${id}`
}

/**
 * Gives a key with its secret in clear; undefined for a damaged one, which costs the tokens that it signed and nothing
 * else. Throws SecretUnreadable when the key that decrypts it is not given.
 */
export async function openSigningKey(
  key: StoredSigningKey,
  secrets: SecretRing,
): Promise<StoredSigningKey | undefined> {
  try {
    const opened = { ...key, privateKey: secrets.unseal(key.privateKey, placeOfSigningKey(key.id)) }
    await checkSigningKey(opened)
    return opened
  } catch (error) {
    if (error instanceof SecretUnreadable && !(error instanceof SecretDamaged)) throw error
    return undefined
  }
}

/** The keys for tokens. A key that another process has added is read at the next accounts revision. */
export class SigningKeys {
  readonly #store: AccountReads
  readonly #secrets: SecretRing
  readonly #clock: Clock
  #revision = -1
  #signer: TokenSigner | undefined
  /** The keys of the signer. A key that is damaged later is still used. */
  #opened: ReadonlyMap<string, StoredSigningKey> = new Map()
  /** What the signer was made of. */
  #stored = ''

  constructor(store: AccountReads, secrets: SecretRing, clock: Clock) {
    this.#store = store
    this.#secrets = secrets
    this.#clock = clock
  }

  /**
   * Gives the signer at an accounts revision, the same object as long as the keys are the same. Throws `unavailable` before
   * the initial accounts exist, and `internal` when every key is damaged.
   */
  async at(revision: number): Promise<TokenSigner> {
    if (this.#signer !== undefined && revision <= this.#revision) return this.#signer
    const keys = await this.#store.listSigningKeys()
    if (keys.length === 0) throw new DomainError('unavailable', { retryAfterSeconds: 1 })
    const stored = JSON.stringify(keys)
    if (this.#signer === undefined || stored !== this.#stored) {
      const opened = await this.#open(keys)
      const signer = await TokenSigner.open([...opened.values()], this.#clock)
      // A later call may have been faster, with newer keys.
      if (revision < this.#revision) return signer
      this.#signer = signer
      this.#opened = opened
      this.#stored = stored
    }
    this.#revision = Math.max(this.#revision, revision)
    return this.#signer
  }

  async #open(keys: readonly StoredSigningKey[]): Promise<ReadonlyMap<string, StoredSigningKey>> {
    const opened = new Map<string, StoredSigningKey>()
    for (const { id, privateKey, verifiesUntilMs } of keys) {
      const key = (await openSigningKey({ id, privateKey, verifiesUntilMs }, this.#secrets)) ?? this.#opened.get(id)
      if (key !== undefined) opened.set(id, { ...key, verifiesUntilMs })
    }
    const nowMs = this.#clock()
    for (const { verifiesUntilMs = Number.POSITIVE_INFINITY } of opened.values()) {
      if (verifiesUntilMs > nowMs) return opened
    }
    const detail =
      'Every key for tokens in the store that could sign is damaged: restart the service, which makes a new one.'
    throw new DomainError('internal', { detail })
  }
}
