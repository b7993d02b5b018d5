import type { Logger } from 'pino'
import { describeFacts } from '../api/error-text.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import { ADMIN_NAME, isAdminPassword, isKeyPair, newAccounts } from '../iam/initial-accounts.ts'
import type { PasswordCost } from '../iam/password.ts'
import { checkNewPassword } from '../iam/password-rules.ts'
import type { SecretRing } from '../iam/secret-ring.ts'
import type { Store } from '../store/store.ts'

/** Creates the initial accounts. Resolves with the administrator's password if this call has generated it. */
export type CreateAccounts = () => Promise<string | undefined>

/**
 * Prepares the initial accounts of an empty store. The returned function writes them. It is to be called when nothing
 * else can fail, so that a start that fails leaves no accounts whose password nobody knows. Throws an Error for a weak
 * password.
 */
export async function prepareAccounts(
  store: Store,
  { adminPassword, initialAccessKey, region }: Pick<Config, 'adminPassword' | 'initialAccessKey' | 'region'>,
  passwordCost: PasswordCost,
  secrets: SecretRing,
  log: Logger,
  clock: Clock,
): Promise<CreateAccounts> {
  const newKey = initialAccessKey && { ...initialAccessKey, createdAtMs: clock() }
  const accounts = await newAccounts(store, adminPassword, passwordCost, region, secrets, newKey)
  if (accounts !== undefined && adminPassword !== undefined) checkAdminPassword(adminPassword)
  return async () => {
    // Another process may create them at the same time; the store lets one of them win.
    if (accounts !== undefined && (await store.createInitialAccounts(accounts.records)))
      return accounts.generatedPassword
    if (adminPassword !== undefined && !(await isAdminPassword(store, adminPassword))) {
      log.warn(
        'TAGWERK_ADMIN_PASSWORD is not used: the store has accounts already, and user admin has another password. ' +
          'Run "tagwerk admin-password" to change it',
      )
    }
    if (initialAccessKey !== undefined && !(await isKeyPair(store, initialAccessKey, secrets))) {
      log.warn(
        'TAGWERK_ACCESS_KEY is not used: the store has accounts already, and no active access key of that pair. Run ' +
          '"tagwerk key create" to make one',
      )
    }
    return undefined
  }
}

function checkAdminPassword(password: string): void {
  try {
    checkNewPassword(password, { name: ADMIN_NAME })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new Error(describeFacts({ ...error.facts, field: 'TAGWERK_ADMIN_PASSWORD' }, 'en-us'), { cause: error })
  }
}
