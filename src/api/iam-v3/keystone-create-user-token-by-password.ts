import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { PASSWORD_CHARACTERS_MAX } from '../../iam/password-rules.ts'
import { defineRoute, type Route } from '../route.ts'
import type { CatalogueSettings } from './catalogue.ts'
import { catalogQuery, subjectTokenHeader, tokenBody } from './schemas.ts'
import { tokenView } from './token-view.ts'

const nameOrId = Type.Object({
  id: Type.Optional(Type.String({ minLength: 1 })),
  name: Type.Optional(Type.String({ minLength: 1 })),
})

const body = Type.Object({
  auth: Type.Object({
    identity: Type.Object({
      methods: Type.Array(Type.Unsafe<'password'>({ type: 'string', enum: ['password'] }), {
        minItems: 1,
        maxItems: 1,
      }),
      password: Type.Object({
        user: Type.Object({
          ...nameOrId.properties,
          domain: Type.Optional(nameOrId),
          password: Type.String({ maxLength: PASSWORD_CHARACTERS_MAX }),
        }),
      }),
    }),
    scope: Type.Optional(
      Type.Object({
        project: Type.Optional(Type.Object({ ...nameOrId.properties, domain: Type.Optional(nameOrId) })),
        domain: Type.Optional(nameOrId),
      }),
    ),
  }),
})

/** Issues a token for a user name and password (contract 6.1). */
export function keystoneCreateUserTokenByPassword(accounts: Accounts, settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneCreateUserTokenByPassword',
    method: 'POST',
    path: '/v3/auth/tokens',
    summary: 'Issue a token for a password, scoped to a project or a domain',
    access: 'none',
    action: 'iam:tokens:create',
    hidesValues: true,
    query: catalogQuery,
    body,
    prepareBody: (body) => {
      refuseOtherMethods(body)
      return body
    },
    responses: { 201: tokenBody },
    handle: async ({ body, query, origin, address }) => {
      const { user } = body.auth.identity.password
      checkReferences(body.auth)
      const { token, principal, claims } = await accounts.logIn(user, user.password, body.auth.scope ?? {}, address)
      const catalogue = query.nocatalog === undefined ? { origin, ...settings } : undefined
      return { status: 201, body: tokenView(principal, claims, catalogue), headers: { [subjectTokenHeader]: token } }
    },
  })
}

/** The methods that Keystone and the vendors have. */
const OTHER_METHODS = [
  ...['token', 'totp', 'external', 'mapped', 'saml2', 'openid', 'x509', 'kerberos', 'oauth1', 'oauth2'],
  ...['application_credential', 'assume_role', 'hw_assume_role', 'hw_ak_sk', 'hw_context'],
]

/**
 * Throws `request-invalid` for another method than `password`, before validation demands members of that one. The message
 * shows known names only: a body of this call may have a password anywhere.
 */
function refuseOtherMethods(given: unknown): void {
  const methods = (given as { auth?: { identity?: { methods?: unknown } } } | null)?.auth?.identity?.methods
  if (!Array.isArray(methods)) return
  const other = methods.find((method) => method !== 'password')
  if (other === undefined) return
  const known = OTHER_METHODS.find((method) => method === other)
  throw invalid('auth.identity.methods', { name: 'supported', supported: 'password', given: known })
}

/**
 * Throws `request-invalid` for an object without id and name. An empty scope object would otherwise be treated as a
 * missing one, and the token would be scoped to the default.
 */
function checkReferences({ identity, scope = {} }: Static<typeof body>['auth']): void {
  const { user } = identity.password
  const references = {
    'auth.identity.password.user': user,
    'auth.identity.password.user.domain': user.domain,
    'auth.scope.project': scope.project,
    'auth.scope.project.domain': scope.project?.domain,
    'auth.scope.domain': scope.domain,
  }
  for (const [field, value] of Object.entries(references)) {
    if (value === undefined || value.id !== undefined || value.name !== undefined) continue
    throw invalid(field, { name: 'well-formed', what: 'an object with an id or a name' })
  }
}
