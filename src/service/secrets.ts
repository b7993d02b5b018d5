import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { SecretConfig } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { placeOfAccessKey } from '../iam/access-keys.ts'
import { DEFAULT_NAME } from '../iam/initial-accounts.ts'
import { logWrites } from '../iam/logged-writes.ts'
import { withOrigin } from '../iam/origin.ts'
import { SecretDamaged, SecretRing } from '../iam/secret-ring.ts'
import { openSigningKey, placeOfSigningKey } from '../iam/signing-keys.ts'
import { makeSigningKey } from '../iam/token.ts'
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
    const secret = unsealed(secrets, kind, text, place)
    if (secret === undefined || secrets.isCurrent(text)) continue
    replacements.push({ kind, id, from: text, to: secrets.seal(secret, place) })
  }
  return replacements.length === 0 ? 0 : store.replaceSecrets(replacements)
}

/** Undefined for a damaged key for tokens, which `replaceDamagedKey` replaces. */
function unsealed(
  secrets: SecretRing,
  kind: SecretReplacement['kind'],
  text: string,
  place: string,
): string | undefined {
  try {
    return secrets.unseal(text, place)
  } catch (error) {
    if (kind === 'signing-key' && error instanceof SecretDamaged) return undefined
    throw error
  }
}

/** How long the other keys for tokens verify at most when a damaged one is replaced, in milliseconds. */
const OTHERS_VERIFY_MS = 24 * 60 * 60 * 1000

/** Makes a new key for tokens if the one that signs is damaged: nobody could log in, and its tokens are lost anyway. */
async function replaceDamagedKey(store: AccountStore, secrets: SecretRing, log: Logger, clock: Clock): Promise<void> {
  for (const key of await store.listSigningKeys()) {
    if ((await openSigningKey(key, secrets)) !== undefined) continue
    log.error({ keyId: key.id }, 'a key for tokens is damaged: its tokens are refused, and their users log in again')
    if (key.verifiesUntilMs === undefined) {
      const origin = { userName: 'tagwerk serve', domainId: (await store.getDomainByName(DEFAULT_NAME))?.id ?? '' }
      await withOrigin(origin, () => signWithNewKey(store, secrets, clock() + OTHERS_VERIFY_MS, clock))
    }
  }
}

/** Makes a new key for tokens. The former ones verify until a time at most. Gives its id. */
export async function signWithNewKey(
  store: AccountStore,
  secrets: SecretRing,
  formerVerifiesUntilMs: number,
  clock: Clock,
): Promise<string> {
  const key = await makeSigningKey()
  const sealed = { id: key.id, privateKey: secrets.seal(key.privateKey, placeOfSigningKey(key.id)) }
  await logWrites(store, clock, () => undefined).rotateSigningKey(sealed, formerVerifiesUntilMs, clock())
  return key.id
}

/** Prepares the secrets of a store for a service: see `encryptSecrets` and `replaceDamagedKey`. */
export async function prepareSecrets(
  store: AccountStore,
  secrets: SecretRing,
  log: Logger,
  clock: Clock,
): Promise<void> {
  await replaceDamagedKey(store, secrets, log, clock)
  const encrypted = await encryptSecrets(store, secrets)
  if (encrypted > 0) log.info({ secrets: encrypted }, 'encrypted the secrets in the store with the secret key')
  if (secrets.isEmpty) log.info('secrets in the store are not encrypted: see --secret-key-file')
}
