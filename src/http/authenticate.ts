import type { FastifyRequest } from 'fastify'
import { sessionToken } from '../api/console-session.ts'
import type { Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { Accounts } from '../iam/accounts.ts'
import { proveSignature, requireKey } from '../iam/prove-signature.ts'
import type { SignatureGate } from '../iam/signature-gate.ts'
import type { Authentication } from './authentication.ts'
import { readSignedRequest, requestedScope } from './signed-request.ts'

/** What authentication depends on. */
export type AuthenticationContext = {
  readonly accounts: Accounts
  readonly signatures: SignatureGate
  /** Base URL of the service as clients see it; if undefined, derived from each request. */
  readonly publicUrl: string | undefined
}

/** Sessions of the console are for Tagwerk's own API only: the clients of the vendors' APIs have no cookies. */
const SESSION_PATHS = /^\/tagwerk\/v1\//

const SIGNED = /^SDK-HMAC-SHA256(\s|$)/

/**
 * Authenticates a request by its token, or without one by its signature or the session of the console. Throws `token-missing`, `token-unreadable`,
 * `token-expired`, `token-revoked`, the errors of `proveSignature`, and `scope-forbidden` when the user of an access key
 * has no role in the requested project or domain.
 */
export async function authenticate(
  { accounts, signatures, publicUrl }: AuthenticationContext,
  route: Route,
  request: FastifyRequest,
  bodyBytesMax: number,
): Promise<Authentication> {
  const token = request.headers['x-auth-token']
  if (typeof token === 'string' && token !== '') {
    const reauthenticate = async () => ({ principal: (await accounts.authenticate(token)).principal })
    return { caller: await reauthenticate(), bodyBytes: undefined, reauthenticate }
  }
  const { authorization } = request.headers
  if (authorization === undefined && SESSION_PATHS.test(route.path)) {
    const session = sessionToken(request.headers, publicUrl ?? `${request.protocol}://${request.host}`)
    if (session !== undefined) return authenticateSession(accounts, route, request, session)
  }
  if (authorization === undefined || !SIGNED.test(authorization)) throw new DomainError('token-missing')
  const signed = readSignedRequest(request, authorization, bodyBytesMax)
  const keyLookup = (accessKey: string) => accounts.accessKeys.secretOf(accessKey)
  const { accessKey, body } = await proveSignature(signed, keyLookup, signatures)
  const scope = requestedScope(route, request.params as Readonly<Record<string, string>>, signed.headers)
  const reauthenticate = async () => {
    const { userId } = await requireKey(accessKey, keyLookup)
    const principal = await accounts.accessKeys.principalIn(userId, scope)
    if (principal === undefined) throw new DomainError('scope-forbidden')
    return { principal }
  }
  return { caller: await reauthenticate(), bodyBytes: body, reauthenticate }
}

/** The user of a session has in each call the roles that it asks for, like the user of an access key. */
async function authenticateSession(
  accounts: Accounts,
  route: Route,
  request: FastifyRequest,
  token: string,
): Promise<Authentication> {
  const scope = requestedScope(route, request.params as Readonly<Record<string, string>>, {})
  const reauthenticate = async () => {
    const { principal } = await accounts.authenticate(token)
    if (route.access === 'any') return { principal }
    const inScope = await accounts.accessKeys.principalIn(principal.user.id, scope)
    if (inScope === undefined) throw new DomainError('scope-forbidden')
    return { principal: inScope }
  }
  return { caller: await reauthenticate(), bodyBytes: undefined, reauthenticate }
}
