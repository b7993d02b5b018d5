import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import type { StoredSigningKey } from '../store/account-records.ts'
import type { SecretRing } from './secret-ring.ts'
import { TokenSigner } from './token.ts'
import type { AccountReads } from './write-limit.ts'

/** Where the stored form of a signing key belongs, for `SecretRing`. */
export function placeOfSigningKey(id: string): string {
  return `signing key ${id}`
}

/** The keys for tokens. A key that another process has added is read at the next accounts revision. */
export class SigningKeys {
  readonly #store: AccountReads
  readonly #secrets: SecretRing
  readonly #clock: Clock
  #revision = -1
  #signer: TokenSigner | undefined
  /** What the signer was made of. */
  #stored = ''

  constructor(store: AccountReads, secrets: SecretRing, clock: Clock) {
    this.#store = store
    this.#secrets = secrets
    this.#clock = clock
  }

  /**
   * Gives the signer at an accounts revision, the same object as long as the keys are the same. Throws `unavailable` before
   * the initial accounts exist.
   */
  async at(revision: number): Promise<TokenSigner> {
    if (this.#signer !== undefined && revision <= this.#revision) return this.#signer
    const keys = await this.#store.listSigningKeys()
    if (keys.length === 0) throw new DomainError('unavailable', { retryAfterSeconds: 1 })
    const stored = JSON.stringify(keys)
    if (this.#signer === undefined || stored !== this.#stored) {
      const signer = await TokenSigner.open(
        keys.map((key) => this.#unsealed(key)),
        this.#clock,
      )
      // A later call may have been faster, with newer keys.
      if (revision < this.#revision) return signer
      this.#signer = signer
      this.#stored = stored
    }
    this.#revision = Math.max(this.#revision, revision)
    return this.#signer
  }

  #unsealed(key: StoredSigningKey): StoredSigningKey {
    return { ...key, privateKey: this.#secrets.unseal(key.privateKey, placeOfSigningKey(key.id)) }
  }
}
