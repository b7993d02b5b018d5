import { randomBytes } from 'node:crypto'
import { type AccessKey, ADMIN_ROLE, NO_ATTRIBUTES } from '../store/account-records.ts'
import type { AccountStore, InitialAccounts } from '../store/account-store.ts'
import { placeOfAccessKey } from './access-keys.ts'
import { newId } from './new-id.ts'
import { hashPassword, type PasswordCost, verifyPassword } from './password.ts'
import { newProject } from './projects.ts'
import type { SecretRing } from './secret-ring.ts'
import { placeOfSigningKey } from './signing-keys.ts'
import { makeSigningKey } from './token.ts'

/** The two halves of an access key. */
export type KeyPair = Pick<AccessKey, 'accessKey' | 'secretKey'>

/** An access key that a start is to make. */
type NewKey = KeyPair & Pick<AccessKey, 'createdAtMs'>

/** Name of the initial domain, which is also the domain of a user name without one. */
export const DEFAULT_NAME = 'default'
/** Name of the initial user, the administrator of the initial domain. */
export const ADMIN_NAME = 'admin'

/** Initial accounts that are not stored yet. */
export type NewAccounts = {
  readonly records: InitialAccounts
  /** The administrator's password if it was generated; the plain password is stored nowhere. */
  readonly generatedPassword: string | undefined
}

/**
 * Makes the records of domain `default`, user `admin` and a project; undefined if the store has accounts. Without
 * `adminPassword` it generates a password. The project is to have the name of the region, by which clients look it up
 * (contract D33). With `newKey` the user has that access key. Writes nothing: `AccountStore.createInitialAccounts` does.
 */
export async function newAccounts(
  store: AccountStore,
  adminPassword: string | undefined,
  cost: PasswordCost,
  projectName: string,
  secrets: SecretRing,
  newKey?: NewKey,
): Promise<NewAccounts | undefined> {
  if ((await store.getAccountsRevision()) > 0) return undefined
  const password = adminPassword ?? randomBytes(15).toString('base64url')
  const domain = { id: newId(), name: DEFAULT_NAME, description: '', enabled: true }
  const user = {
    id: newId(),
    domainId: domain.id,
    name: ADMIN_NAME,
    passwordHash: await hashPassword(password, cost),
    enabled: true,
    description: '',
    email: '',
    tokenGeneration: 0,
    attributes: NO_ATTRIBUTES,
  }
  const key = await makeSigningKey()
  const signingKey = { ...key, privateKey: secrets.seal(key.privateKey, placeOfSigningKey(key.id)) }
  const records = {
    domain,
    project: newProject(domain.id, projectName),
    user,
    assignment: { userId: user.id, scope: 'domain', scopeId: domain.id, role: ADMIN_ROLE },
    signingKey,
    ...(newKey && { accessKey: initialAccessKey(user.id, newKey, secrets) }),
  } as const
  return { records, generatedPassword: adminPassword === undefined ? password : undefined }
}

function initialAccessKey(
  userId: string,
  { accessKey, secretKey, createdAtMs }: NewKey,
  secrets: SecretRing,
): AccessKey {
  return {
    accessKey,
    secretKey: secrets.seal(secretKey, placeOfAccessKey(accessKey)),
    userId,
    description: 'first access key',
    active: true,
    locked: false,
    createdAtMs,
  }
}

/** Says whether an active access key of that pair is in the store. */
export async function isKeyPair(store: AccountStore, pair: KeyPair, secrets: SecretRing): Promise<boolean> {
  const key = await store.getAccessKey(pair.accessKey)
  return key?.active === true && secrets.unseal(key.secretKey, placeOfAccessKey(pair.accessKey)) === pair.secretKey
}

/** Says whether user `admin` of domain `default` has a password. */
export async function isAdminPassword(store: AccountStore, password: string): Promise<boolean> {
  const domain = await store.getDomainByName(DEFAULT_NAME)
  const user = domain && (await store.getUserByName(domain.id, ADMIN_NAME))
  return user !== undefined && user.passwordHash !== '' && (await verifyPassword(password, user.passwordHash))
}
