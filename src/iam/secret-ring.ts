import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

// Secrets that the service needs back, such as those of access keys, are stored encrypted if it has a secret key
// (docs/decisions/0026-secrets-at-rest.md).

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
/** The lengths that the algorithm is specified for. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Characters of a key's id, enough to distinguish the few keys of an installation. */
const KEY_ID_CHARACTERS = 12

/** The stored form of an encrypted secret: `aes-256-gcm$key id$nonce$cipher text and tag`. No clear secret begins so. */
const PREFIX = `${ALGORITHM}$`

/** Thrown for a secret that no key of the ring decrypts. The message names the key that would. */
export class SecretUnreadable extends Error {}

/** Thrown for a secret that its key does not decrypt: its stored form was changed. */
export class SecretDamaged extends SecretUnreadable {}

/** The keys that encrypt secrets in the store. The first one encrypts, all of them decrypt. */
export class SecretRing {
  /** Without keys, secrets are stored in clear. */
  static readonly none = new SecretRing(new Map())

  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #firstId: string | undefined

  private constructor(keys: ReadonlyMap<string, Buffer>) {
    this.#keys = keys
    this.#firstId = keys.keys().next().value
  }

  /** Parses keys, one per line in base64. Throws an Error without any part of the text when one has not 32 bytes. */
  static parse(text: string): SecretRing {
    const lines = text.split(/\s+/).filter((line) => line !== '')
    if (lines.length === 0) throw new Error('holds no key')
    const keys = lines.map((line, i) => {
      const key = Buffer.from(line, 'base64')
      if (key.length === KEY_BYTES && key.toString('base64') === line) return key
      throw new Error(`key ${i + 1} must be ${KEY_BYTES} bytes in base64, such as "openssl rand -base64 32" prints`)
    })
    return new SecretRing(new Map(keys.map((key) => [idOf(key), key])))
  }

  get isEmpty(): boolean {
    return this.#firstId === undefined
  }

  /** Encrypts a secret with the first key. `place` is where it is stored: nowhere else can it be decrypted. */
  seal(secret: string, place: string): string {
    const key = this.#firstId === undefined ? undefined : this.#keys.get(this.#firstId)
    if (key === undefined) return secret
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return [ALGORITHM, this.#firstId, nonce.toString('base64url'), sealed.toString('base64url')].join('$')
  }

  /** Decrypts the stored form of a secret. A secret in clear is its own stored form. Throws SecretUnreadable. */
  unseal(stored: string, place: string): string {
    if (!stored.startsWith(PREFIX)) return stored
    const [, keyId = '', nonce = '', text = ''] = stored.split('$')
    const key = this.#keys.get(keyId)
    if (key === undefined) throw new SecretUnreadable(this.#missing(keyId))
    const sealed = Buffer.from(text, 'base64url')
    try {
      const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(place))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
    } catch (error) {
      throw new SecretDamaged(`the secret of ${place} is damaged: restore it from a backup`, { cause: error })
    }
  }

  /** Says whether a secret is stored as `seal` would store it: with the first key, or without keys in clear. */
  isCurrent(stored: string): boolean {
    return this.isEmpty ? !stored.startsWith(PREFIX) : stored.startsWith(`${PREFIX}${this.#firstId}$`)
  }

  #missing(keyId: string): string {
    const own = this.isEmpty ? 'no key is given' : `the given keys are ${[...this.#keys.keys()].join(', ')}`
    return (
      `secrets in the store are encrypted with the key ${keyId}, and ${own}: put that key into the file of ` +
      '--secret-key-file or into TAGWERK_SECRET_KEY'
    )
  }
}

/** Names a key without revealing it. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('tagwerk secret key ').update(key).digest('hex').slice(0, KEY_ID_CHARACTERS)
}
