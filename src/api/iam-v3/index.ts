import type { Accounts } from '../../iam/accounts.ts'
import { IDENTITY_SEGMENT } from '../identity-paths.ts'
import type { Family } from '../route.ts'
import type { CatalogueSettings } from './catalogue.ts'
import { createCloudServiceCustomPolicy } from './create-cloud-service-custom-policy.ts'
import { createPermanentAccessKey } from './create-permanent-access-key.ts'
import { createUser } from './create-user.ts'
import { deleteCustomPolicy } from './delete-custom-policy.ts'
import { deletePermanentAccessKey } from './delete-permanent-access-key.ts'
import { IAM_ERRORS, iamErrorSchema, renderIamError } from './errors.ts'
import { keystoneAddProjectTag } from './keystone-add-project-tag.ts'
import { keystoneAssociateUserWithDomainPermission } from './keystone-associate-user-with-domain-permission.ts'
import { keystoneAssociateUserWithProjectPermission } from './keystone-associate-user-with-project-permission.ts'
import { keystoneCheckDomainPermissionForUser } from './keystone-check-domain-permission-for-user.ts'
import { keystoneCheckProjectPermissionForUser } from './keystone-check-project-permission-for-user.ts'
import { keystoneCheckProjectTag } from './keystone-check-project-tag.ts'
import { keystoneCheckToken } from './keystone-check-token.ts'
import { keystoneCreateDomain } from './keystone-create-domain.ts'
import { keystoneCreateProject } from './keystone-create-project.ts'
import { keystoneCreateUser } from './keystone-create-user.ts'
import { keystoneCreateUserTokenByPassword } from './keystone-create-user-token-by-password.ts'
import { keystoneDeleteDomain } from './keystone-delete-domain.ts'
import { keystoneDeleteProject } from './keystone-delete-project.ts'
import { keystoneDeleteProjectTag } from './keystone-delete-project-tag.ts'
import { keystoneDeleteProjectTags } from './keystone-delete-project-tags.ts'
import { keystoneDeleteUser } from './keystone-delete-user.ts'
import { keystoneListAuthDomains } from './keystone-list-auth-domains.ts'
import { keystoneListAuthProjects } from './keystone-list-auth-projects.ts'
import { keystoneListDomainPermissionsForUser } from './keystone-list-domain-permissions-for-user.ts'
import { keystoneListDomains } from './keystone-list-domains.ts'
import { keystoneListEndpoints } from './keystone-list-endpoints.ts'
import { keystoneListProjectPermissionsForUser } from './keystone-list-project-permissions-for-user.ts'
import { keystoneListProjectTags } from './keystone-list-project-tags.ts'
import { keystoneListProjects } from './keystone-list-projects.ts'
import { keystoneListRegions } from './keystone-list-regions.ts'
import { keystoneListRoleAssignments } from './keystone-list-role-assignments.ts'
import { keystoneListRoles } from './keystone-list-roles.ts'
import { keystoneListServices } from './keystone-list-services.ts'
import { keystoneListUserProjects } from './keystone-list-user-projects.ts'
import { keystoneListUsers } from './keystone-list-users.ts'
import { keystoneRemoveDomainPermissionFromUser } from './keystone-remove-domain-permission-from-user.ts'
import { keystoneRemoveProjectPermissionFromUser } from './keystone-remove-project-permission-from-user.ts'
import { keystoneRevokeToken } from './keystone-revoke-token.ts'
import { keystoneShowCatalog } from './keystone-show-catalog.ts'
import { keystoneShowDomain } from './keystone-show-domain.ts'
import { keystoneShowEndpoint } from './keystone-show-endpoint.ts'
import { keystoneShowProject } from './keystone-show-project.ts'
import { keystoneShowRegion } from './keystone-show-region.ts'
import { keystoneShowRole } from './keystone-show-role.ts'
import { keystoneShowService } from './keystone-show-service.ts'
import { keystoneShowUser } from './keystone-show-user.ts'
import { keystoneShowVersion } from './keystone-show-version.ts'
import { keystoneUpdateDomain } from './keystone-update-domain.ts'
import { keystoneUpdateProject } from './keystone-update-project.ts'
import { keystoneUpdateProjectTags } from './keystone-update-project-tags.ts'
import { keystoneUpdateUserByAdmin } from './keystone-update-user-by-admin.ts'
import { keystoneUpdateUserPassword } from './keystone-update-user-password.ts'
import { keystoneValidateToken } from './keystone-validate-token.ts'
import { listCustomPolicies } from './list-custom-policies.ts'
import { listPermanentAccessKeys } from './list-permanent-access-keys.ts'
import { showCustomPolicy } from './show-custom-policy.ts'
import { showPermanentAccessKey } from './show-permanent-access-key.ts'
import { showProjectDetailsAndStatus } from './show-project-details-and-status.ts'
import { showUser } from './show-user.ts'
import { updateCloudServiceCustomPolicy } from './update-cloud-service-custom-policy.ts'
import { updatePermanentAccessKey } from './update-permanent-access-key.ts'
import { updateProjectStatus } from './update-project-status.ts'
import { updateUser } from './update-user.ts'

/** Paths of one segment below /v3 belong to no other service. */
const PATHS = new RegExp(
  `^/v3(?:/?(?:$|\\?)|/${IDENTITY_SEGMENT}(?:/|$|\\?)|/[^/?]+(?:$|\\?)|(?:\\.0|-ext)(?:/|$|\\?))`,
)

/** Identity and access, IAM v3 (Keystone). */
export function iamV3(accounts: Accounts, settings: CatalogueSettings): Family {
  const version = keystoneShowVersion()
  const checkProjectTag = keystoneCheckProjectTag(accounts)
  return {
    name: 'iam-v3',
    title: 'Identity and Access Management: tokens, users, projects, roles, access keys',
    version: 'v3',
    paths: PATHS,
    errors: IAM_ERRORS,
    renderError: renderIamError,
    errorSchema: iamErrorSchema,
    languages: [],
    hasRevisions: false,
    routes: [
      version,
      // COMPAT: keystoneauth follows the link in the version document, which ends with a slash.
      { ...version, id: `${version.id}AtItsLink`, path: '/v3/' },
      keystoneCreateUserTokenByPassword(accounts, settings),
      keystoneValidateToken(accounts, settings),
      keystoneCheckToken(accounts),
      keystoneRevokeToken(accounts),
      keystoneListAuthProjects(accounts),
      keystoneListAuthDomains(accounts),
      keystoneListDomains(accounts),
      keystoneCreateDomain(accounts, settings),
      keystoneShowDomain(accounts),
      keystoneUpdateDomain(accounts),
      keystoneDeleteDomain(accounts),
      keystoneShowCatalog(settings),
      keystoneListServices(settings),
      keystoneShowService(settings),
      keystoneListEndpoints(settings),
      keystoneShowEndpoint(settings),
      keystoneListRegions(settings),
      keystoneShowRegion(settings),
      keystoneListProjects(accounts),
      keystoneCreateProject(accounts),
      keystoneShowProject(accounts),
      keystoneUpdateProject(accounts),
      keystoneDeleteProject(accounts),
      showProjectDetailsAndStatus(accounts),
      updateProjectStatus(accounts),
      keystoneListProjectTags(accounts),
      keystoneUpdateProjectTags(accounts),
      keystoneDeleteProjectTags(accounts),
      checkProjectTag,
      { ...checkProjectTag, method: 'HEAD' },
      keystoneAddProjectTag(accounts),
      keystoneDeleteProjectTag(accounts),
      keystoneListUserProjects(accounts),
      keystoneListUsers(accounts),
      keystoneCreateUser(accounts),
      keystoneShowUser(accounts),
      showUser(accounts),
      createUser(accounts),
      updateUser(accounts),
      keystoneUpdateUserByAdmin(accounts),
      keystoneDeleteUser(accounts),
      keystoneUpdateUserPassword(accounts),
      keystoneListRoles(accounts),
      keystoneShowRole(accounts),
      keystoneListRoleAssignments(accounts),
      listCustomPolicies(accounts),
      createCloudServiceCustomPolicy(accounts),
      showCustomPolicy(accounts),
      updateCloudServiceCustomPolicy(accounts),
      deleteCustomPolicy(accounts),
      keystoneListProjectPermissionsForUser(accounts),
      keystoneAssociateUserWithProjectPermission(accounts),
      keystoneCheckProjectPermissionForUser(accounts),
      keystoneRemoveProjectPermissionFromUser(accounts),
      keystoneListDomainPermissionsForUser(accounts),
      keystoneAssociateUserWithDomainPermission(accounts),
      keystoneCheckDomainPermissionForUser(accounts),
      keystoneRemoveDomainPermissionFromUser(accounts),
      listPermanentAccessKeys(accounts),
      createPermanentAccessKey(accounts),
      showPermanentAccessKey(accounts),
      updatePermanentAccessKey(accounts),
      deletePermanentAccessKey(accounts),
    ],
  }
}
