import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Route } from '../route.ts'
import { inOwnWords } from './account-errors.ts'
import { changeOwnPassword } from './change-own-password.ts'
import { createDomainProject } from './create-domain-project.ts'
import { createDomainRole } from './create-domain-role.ts'
import { createDomainUser } from './create-domain-user.ts'
import { createUserAccessKey } from './create-user-access-key.ts'
import { deleteDomainProject } from './delete-domain-project.ts'
import { deleteDomainRole } from './delete-domain-role.ts'
import { deleteDomainUser } from './delete-domain-user.ts'
import { deleteUserAccessKey } from './delete-user-access-key.ts'
import { grantDomainRole } from './grant-domain-role.ts'
import { grantProjectRole } from './grant-project-role.ts'
import { listDomainProjects } from './list-domain-projects.ts'
import { listDomainRoles } from './list-domain-roles.ts'
import { listDomainUsers } from './list-domain-users.ts'
import { listRoleAssignments } from './list-role-assignments.ts'
import { listUserAccessKeys } from './list-user-access-keys.ts'
import { revokeDomainRole } from './revoke-domain-role.ts'
import { revokeProjectRole } from './revoke-project-role.ts'
import { setDomainUserPassword } from './set-domain-user-password.ts'
import { updateDomainProject } from './update-domain-project.ts'
import { updateDomainRole } from './update-domain-role.ts'
import { updateDomainUser } from './update-domain-user.ts'
import { updateUserAccessKey } from './update-user-access-key.ts'

/**
 * The operations on the accounts of a domain, and on the caller's own (contract 10.90). They need the actions of the account service, so that a role
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
    listDomainRoles(accounts),
    createDomainRole(accounts),
    updateDomainRole(accounts),
    deleteDomainRole(accounts),
    listRoleAssignments(accounts),
    grantDomainRole(accounts),
    revokeDomainRole(accounts),
    grantProjectRole(accounts),
    revokeProjectRole(accounts),
    listUserAccessKeys(accounts),
    createUserAccessKey(accounts),
    updateUserAccessKey(accounts),
    deleteUserAccessKey(accounts),
    changeOwnPassword(accounts),
  ].map(inOwnWords)
}
