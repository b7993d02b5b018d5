import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Route } from '../route.ts'
import { inOwnWords } from './account-errors.ts'
import { createDomainProject } from './create-domain-project.ts'
import { createDomainUser } from './create-domain-user.ts'
import { deleteDomainProject } from './delete-domain-project.ts'
import { deleteDomainUser } from './delete-domain-user.ts'
import { listDomainProjects } from './list-domain-projects.ts'
import { listDomainUsers } from './list-domain-users.ts'
import { setDomainUserPassword } from './set-domain-user-password.ts'
import { updateDomainProject } from './update-domain-project.ts'
import { updateDomainUser } from './update-domain-user.ts'

/**
 * The operations on the accounts of a domain (contract 10.90). They need the actions of the account service, so that a role
 * allows the same by both.
 */
export function accountRoutes(accounts: Accounts, catalog: Catalog): readonly Route[] {
  return [
    listDomainProjects(accounts, catalog),
    createDomainProject(accounts, catalog),
    updateDomainProject(accounts, catalog),
    deleteDomainProject(accounts),
    listDomainUsers(accounts),
    createDomainUser(accounts),
    updateDomainUser(accounts),
    setDomainUserPassword(accounts),
    deleteDomainUser(accounts),
  ].map(inOwnWords)
}
