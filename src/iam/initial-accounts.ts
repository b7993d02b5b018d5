import { randomBytes } from 'node:crypto'
import { type AccountStore, ADMIN_ROLE } from '../store/account-store.ts'
import { newId } from './new-id.ts'
import { hashPassword, type PasswordCost } from './password.ts'
import { newProject } from './projects.ts'
import { makeSigningKey } from './token.ts'

/** Name of the initial domain, which is also the domain of a user name without one. */
export const DEFAULT_NAME = 'default'
const ADMIN_NAME = 'admin'

/**
 * Creates domain `default`, user `admin` and a project unless accounts exist. Without `adminPassword` it generates a
 * password and gives it; the plain password is stored nowhere. Gives undefined otherwise. The project is to have the name
 * of the region, by which clients look it up (contract D33).
 */
export async function createInitialAccounts(
  store: AccountStore,
  adminPassword: string | undefined,
  cost: PasswordCost,
  projectName: string,
): Promise<string | undefined> {
  if ((await store.getAccountsRevision()) > 0) return undefined
  const password = adminPassword ?? randomBytes(15).toString('base64url')
  const domain = { id: newId(), name: DEFAULT_NAME }
  const user = {
    id: newId(),
    domainId: domain.id,
    name: ADMIN_NAME,
    passwordHash: await hashPassword(password, cost),
    enabled: true,
    description: '',
    email: '',
    tokenGeneration: 0,
  }
  // Another process may create them at the same time; the store lets one of them win.
  const created = await store.createInitialAccounts({
    domain,
    project: newProject(domain.id, projectName),
    user,
    assignment: { userId: user.id, scope: 'domain', scopeId: domain.id, role: ADMIN_ROLE },
    signingKey: await makeSigningKey(),
  })
  return created && adminPassword === undefined ? password : undefined
}
