import type { SecretConfig } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { DEFAULT_NAME } from '../iam/initial-accounts.ts'
import { withOrigin } from '../iam/origin.ts'
import { describeLocation, type StoreLocation } from '../store/location.ts'
import { openReadOnlyStore, openStore } from '../store/open.ts'
import { encryptSecrets, readSecretRing, signWithNewKey } from './secrets.ts'
import { wallClock } from './start.ts'

/** Who made the change, for the account log. */
const ACTOR = 'tagwerk rotate-keys'

/** The outcome of a rotation. */
export type RotatedKeys = {
  /** Id of the key that signs from now on. */
  readonly keyId: string
  /** When the former key ends, in milliseconds since 1970. */
  readonly formerVerifiesUntilMs: number
  /** Secrets that were in clear or encrypted with a former secret key, and are encrypted with the first one now. */
  readonly encrypted: number
}

/**
 * Makes a new key for tokens in a store. The former one verifies tokens for `overlapSeconds` more. Nodes over PostgreSQL
 * use the new key from the next request on. Also encrypts secrets that are not encrypted with the first secret key. Throws
 * an error that says what to do when a service uses the data folder, or the store has no accounts or another schema
 * version.
 */
export async function rotateKeys(
  location: StoreLocation,
  secretConfig: SecretConfig,
  overlapSeconds: number,
  clock: Clock = wallClock,
): Promise<RotatedKeys> {
  const secrets = readSecretRing(secretConfig)
  const ignoreOutage = { onUnreachable: () => undefined, onReachable: () => undefined }
  // Opening a data folder for writing would create a missing one and migrate an old one.
  await (await openReadOnlyStore(location, ignoreOutage)).close()
  const store = await openStore(location, { ...ignoreOutage, onFailure: () => undefined, onWarning: () => undefined })
  try {
    if ((await store.listSigningKeys()).length === 0) {
      const where = describeLocation(location)
      throw new Error(`there are no accounts in ${where} yet: the first start of a service creates them`)
    }
    const encrypted = await encryptSecrets(store, secrets)
    const formerVerifiesUntilMs = clock() + overlapSeconds * 1000
    const origin = { userName: ACTOR, domainId: (await store.getDomainByName(DEFAULT_NAME))?.id ?? '' }
    const keyId = await withOrigin(origin, () => signWithNewKey(store, secrets, formerVerifiesUntilMs, clock))
    return { keyId, formerVerifiesUntilMs, encrypted }
  } finally {
    await store.close()
  }
}
