import { newAccounts } from '../../src/iam/initial-accounts.ts'
import type { PasswordCost } from '../../src/iam/password.ts'
import { SecretRing } from '../../src/iam/secret-ring.ts'
import type { AccountStore } from '../../src/store/account-store.ts'

/** Creates the initial accounts of a store as a start does. Gives the password if one was generated. */
export async function createInitialAccounts(
  store: AccountStore,
  adminPassword: string | undefined,
  cost: PasswordCost,
  projectName: string,
): Promise<string | undefined> {
  const accounts = await newAccounts(store, adminPassword, cost, projectName, SecretRing.none)
  if (accounts === undefined || !(await store.createInitialAccounts(accounts.records))) return undefined
  return accounts.generatedPassword
}
