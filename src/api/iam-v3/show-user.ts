import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import type { User } from '../../iam/users.ts'
import { defineRoute, type Route } from '../route.ts'
import { userFor } from './access.ts'
import { selfLinkSchema } from './links.ts'

const text = Type.String()

const userDetails = Type.Object({
  ...{ id: text, name: text, domain_id: text, enabled: Type.Boolean(), description: text },
  ...{ email: text, areacode: text, phone: text, xuser_id: text, xuser_type: text },
  pwd_status: Type.Boolean({ description: 'True: the password has to be changed at the next log-in. Never so here.' }),
  is_domain_owner: Type.Boolean({ description: 'Never so here: every user was made by another.' }),
  access_mode: Type.String({ description: '`default`, or `programmatic` for a user without a password.' }),
  links: selfLinkSchema,
})

/**
 * Shows the caller, and to those who manage users any of the domain, with everything that there is to say (Huawei Cloud
 * IAM, "Querying User Details (Recommended)"). Terraform asks here before it makes an access key.
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
      const user = await userFor(accounts, caller, params.user_id, 'iam:users:getUser')
      return { status: 200, body: { user: detailsOf(user, origin) } }
    },
  })
}

/** What the vendor knows of phones and other systems is empty here; times, which are not kept, are left out. */
function detailsOf({ id, name, domainId, enabled, description, email, passwordHash }: User, origin: string) {
  return {
    ...{ id, name, domain_id: domainId, enabled, description, email },
    ...{ areacode: '', phone: '', xuser_id: '', xuser_type: '', pwd_status: false, is_domain_owner: false },
    access_mode: passwordHash === '' ? 'programmatic' : 'default',
    links: { self: `${origin}/v3.0/OS-USER/users/${id}` },
  }
}
