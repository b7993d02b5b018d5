import type { FastifyRequest } from 'fastify'
import type { Caller, Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { Accounts } from '../iam/accounts.ts'
import type { SignatureGate } from './signature-gate.ts'
import { proveSignature } from './signed-request.ts'

/** What proving who asks works with. */
export type Provers = { readonly accounts: Accounts; readonly signatures: SignatureGate }

/** Who asks. */
export type Proven = {
  readonly caller: Caller
  /** The body, where reading it was needed to find out. */
  readonly bytes: Uint8Array | undefined
  /** Says who it is by now, for a call that takes long. Throws when that is nobody any more. */
  readonly again: () => Promise<Caller>
}

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
