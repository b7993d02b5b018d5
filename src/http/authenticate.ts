import type { FastifyRequest } from 'fastify'
import type { Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { Accounts } from '../iam/accounts.ts'
import type { Proven } from './caller.ts'
import type { SignatureGate } from './signature-gate.ts'
import { proveSignature } from './signed-request.ts'

/** What proving who asks works with. */
export type Provers = { readonly accounts: Accounts; readonly signatures: SignatureGate }

const SIGNED = /^SDK-HMAC-SHA256(\s|$)/

/**
 * Finds out who asks, by token or by signature; a token goes before. Throws `token-missing`, `token-unreadable`,
 * `token-expired`, `token-revoked`, and what `proveSignature` throws.
 */
export async function authenticate(
  { accounts, signatures }: Provers,
  route: Route,
  request: FastifyRequest,
  bodyBytesMax: number,
): Promise<Proven> {
  const token = request.headers['x-auth-token']
  if (typeof token === 'string' && token !== '') {
    const again = async () => ({ principal: (await accounts.authenticate(token)).principal })
    return { caller: await again(), bytes: undefined, again }
  }
  const { authorization } = request.headers
  if (authorization !== undefined && SIGNED.test(authorization)) {
    return proveSignature(accounts, signatures, route, request, authorization, bodyBytesMax)
  }
  throw new DomainError('token-missing')
}
