import { describeFacts } from '../api/error-text.ts'
import { DomainError } from '../core/errors.ts'
import { logWrites } from '../iam/logged-writes.ts'
import { LoginGate } from '../iam/login-gate.ts'
import { withOrigin } from '../iam/origin.ts'
import { DEFAULT_PASSWORD_COST, type PasswordCost } from '../iam/password.ts'
import { Users } from '../iam/users.ts'
import { limitWrites } from '../iam/write-limit.ts'
import { ADMIN_ROLE, type User } from '../store/account-records.ts'
import { describeLocation, type StoreLocation } from '../store/location.ts'
import { openReadOnlyStore, openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { wallClock } from './start.ts'

/** Who made the change, for the account log. */
const ACTOR = 'tagwerk admin-password'

/**
 * Sets the password of an administrator of a domain, which revokes all of the user's tokens. Works without a
 * service, so that a lost password does not lock anybody out. Throws an error that says what to do when a service uses the
 * data folder, the store has no accounts or another schema version, there is no such enabled administrator, or the
 * password is weak.
 */
export async function setAdminPassword(
  location: StoreLocation,
  administrator: { readonly name: string; readonly domain: string },
  password: string,
  cost: PasswordCost = DEFAULT_PASSWORD_COST,
): Promise<void> {
  const ignoreOutage = { onUnreachable: () => undefined, onReachable: () => undefined }
  // Opening a data folder for writing would create a missing one and migrate an old one.
  await (await openReadOnlyStore(location, ignoreOutage)).close()
  const store = await openStore(location, { ...ignoreOutage, onFailure: () => undefined, onWarning: () => undefined })
  try {
    const user = await findAdministrator(store, administrator, describeLocation(location))
    const writes = { ...store, ...logWrites(store, wallClock, () => undefined) }
    const users = new Users(store, limitWrites(writes, 1), cost, new LoginGate())
    const origin = { userName: ACTOR, domainId: user.domainId }
    await withOrigin(origin, () => users.update(user.domainId, user.id, { password }, ''))
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new Error(describeFacts({ ...error.facts, field: 'the password' }, 'en-us'), { cause: error })
  } finally {
    await store.close()
  }
}

async function findAdministrator(
  store: Store,
  { name, domain: domainName }: Parameters<typeof setAdminPassword>[1],
  where: string,
): Promise<User> {
  const domain = await store.getDomainByName(domainName)
  if (domain === undefined) {
    const names = (await store.listDomains()).map((each) => each.name).join(', ')
    if (names !== '') throw new Error(`there is no domain "${domainName}"; with --domain, choose one of: ${names}`)
    throw new Error(`there are no accounts in ${where} yet: the first start of a service creates them`)
  }
  const administrators: User[] = []
  for (const user of await store.listUsers(domain.id)) {
    const assignments = await store.listAssignments(user.id)
    const isAdministrator = assignments.some(({ role, scopeId }) => role === ADMIN_ROLE && scopeId === domain.id)
    if (isAdministrator && user.enabled) administrators.push(user)
  }
  const found = administrators.find((user) => user.name === name)
  if (found !== undefined) return found
  const names = administrators.map((user) => user.name).join(', ')
  throw new Error(`there is no enabled administrator "${name}" of the domain; with --user, choose one of: ${names}`)
}
