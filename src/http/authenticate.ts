import type { FastifyRequest } from 'fastify'
import type { Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { Accounts } from '../iam/accounts.ts'
import { proveSignature, requireKey } from '../iam/prove-signature.ts'
import type { SignatureGate } from '../iam/signature-gate.ts'
import type { Authentication } from './authentication.ts'
import { readSignedRequest, requestedScope } from './signed-request.ts'

/** What authentication depends on. */
export type AuthenticationContext = { readonly accounts: Accounts; readonly signatures: SignatureGate }

const SIGNED = /^SDK-HMAC-SHA256(\s|$)/

/**
 * Authenticates a request by its token, or without one by its signature. Throws `token-missing`, `token-unreadable`,
 * `token-expired`, `token-revoked`, the errors of `proveSignature`, and `scope-forbidden` when the user of an access key
 * has no role in the requested project or domain.
 */
export async function authenticate(
  { accounts, signatures }: AuthenticationContext,
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
