import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import type { User } from '../../iam/users.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetUser } from './access.ts'
import { selfLinkSchema } from './links.ts'

const text = Type.String()

const userDetails = Type.Object({
  id: text,
  name: text,
  domain_id: text,
  enabled: Type.Boolean(),
  description: text,
  email: text,
  areacode: text,
  phone: text,
  xuser_id: text,
  xuser_type: text,
  pwd_status: Type.Boolean({ description: 'Whether the password must be changed at the next login; always false.' }),
  is_domain_owner: Type.Boolean({ description: 'Always false.' }),
  access_mode: Type.String({ description: '`default`, or `programmatic` for a user without a password.' }),
  links: selfLinkSchema,
})

/**
 * Shows the details of the caller, or of any user of the domain to a caller who may manage users (Huawei Cloud IAM,
 * "Querying User Details (Recommended)"). Terraform calls it before it creates an access key.
 */
export function showUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'ShowUser',
    method: 'GET',
    path: '/v3.0/OS-USER/users/{user_id}',
    summary: 'Show a user in detail',
    access: 'any',
    action: 'iam:users:getUser',
    params: Type.Object({ user_id: Type.String() }),
    responses: { 200: Type.Object({ user: userDetails }) },
    handle: async ({ caller, params, origin }) => {
      const user = await targetUser(accounts, caller, params.user_id, 'iam:users:getUser')
      return { status: 200, body: { user: detailsOf(user, origin) } }
    },
  })
}

/**
 * Renders the details. Phone numbers and external ids are always empty; times are omitted, because they are not stored.
 */
function detailsOf({ id, name, domainId, enabled, description, email, passwordHash }: User, origin: string) {
  return {
    id,
    name,
    domain_id: domainId,
    enabled,
    description,
    email,
    areacode: '',
    phone: '',
    xuser_id: '',
    xuser_type: '',
    pwd_status: false,
    is_domain_owner: false,
    access_mode: passwordHash === '' ? 'programmatic' : 'default',
    links: { self: `${origin}/v3.0/OS-USER/users/${id}` },
  }
}
