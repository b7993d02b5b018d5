import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { SecretConfig } from '../config/config.ts'
import { placeOfAccessKey } from '../iam/access-keys.ts'
import { SecretRing } from '../iam/secret-ring.ts'
import { placeOfSigningKey } from '../iam/signing-keys.ts'
import type { SecretReplacement } from '../store/account-records.ts'
import type { AccountStore } from '../store/account-store.ts'

/** Reads the keys that encrypt secrets, from the file or the variable. Throws an Error that names the setting. */
export function readSecretRing({ secretKeyFile, secretKey }: SecretConfig): SecretRing {
  if (secretKeyFile === undefined && secretKey === undefined) return SecretRing.none
  const label = secretKeyFile === undefined ? 'TAGWERK_SECRET_KEY' : `--secret-key-file ${secretKeyFile}`
  try {
    return SecretRing.parse(secretKey ?? readFileSync(secretKeyFile ?? '', 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Error(code === undefined ? `${label}: ${message}` : `${label} cannot be read: ${code}`, { cause: error })
  }
}

/**
 * Encrypts every secret in the store that is in clear or encrypted with another key than the first one, and returns their
 * number. Throws an Error that says what to do when no given key decrypts a secret; then nothing changes.
 */
export async function encryptSecrets(store: AccountStore, secrets: SecretRing): Promise<number> {
  const stored = [
    ...(await store.listSigningKeys()).map(({ id, privateKey }) => ({
      kind: 'signing-key' as const,
      id,
      text: privateKey,
      place: placeOfSigningKey(id),
    })),
    ...(await store.listAccessKeySecrets()).map(({ accessKey, secretKey }) => ({
      kind: 'access-key' as const,
      id: accessKey,
      text: secretKey,
      place: placeOfAccessKey(accessKey),
    })),
  ]
  const replacements: SecretReplacement[] = []
  for (const { kind, id, text, place } of stored) {
    const secret = secrets.unseal(text, place)
    if (secrets.isCurrent(text)) continue
    replacements.push({ kind, id, from: text, to: secrets.seal(secret, place) })
  }
  return replacements.length === 0 ? 0 : store.replaceSecrets(replacements)
}

/** Prepares the secrets of a store for a service: see `encryptSecrets`. */
export async function prepareSecrets(store: AccountStore, secrets: SecretRing, log: Logger): Promise<void> {
  const encrypted = await encryptSecrets(store, secrets)
  if (encrypted > 0) log.info({ secrets: encrypted }, 'encrypted the secrets in the store with the secret key')
  if (secrets.isEmpty) log.info('secrets in the store are not encrypted: see --secret-key-file')
}
