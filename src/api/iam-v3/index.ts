import type { Accounts } from '../../iam/accounts.ts'
import type { Family } from '../route.ts'
import { IAM_ERRORS, iamErrorSchema, renderIamError } from './errors.ts'
import { keystoneCheckToken } from './keystone-check-token.ts'
import { keystoneCreateUserTokenByPassword } from './keystone-create-user-token-by-password.ts'
import { keystoneListAuthProjects } from './keystone-list-auth-projects.ts'
import { keystoneListProjects } from './keystone-list-projects.ts'
import { keystoneRevokeToken } from './keystone-revoke-token.ts'
import { keystoneValidateToken } from './keystone-validate-token.ts'
import type { CatalogueSettings } from './token-view.ts'

/** Identity and access, IAM v3 (Keystone). */
export function iamV3(accounts: Accounts, settings: CatalogueSettings): Family {
  return {
    name: 'iam-v3',
    title: 'Identity and Access Management: tokens and projects',
    version: 'v3',
    paths: /^\/v3\/(auth|projects)(\/|$|\?)/,
    errors: IAM_ERRORS,
    renderError: renderIamError,
    errorSchema: iamErrorSchema,
    languages: [],
    hasRevisions: false,
    routes: [
      keystoneCreateUserTokenByPassword(accounts, settings),
      keystoneValidateToken(accounts, settings),
      keystoneCheckToken(accounts),
      keystoneRevokeToken(accounts),
      keystoneListProjects(accounts),
      keystoneListAuthProjects(accounts),
    ],
  }
}
