import type { FastifyRequest } from 'fastify'
import type { Route } from '../api/route.ts'
import type { KeyScope } from '../iam/access-keys.ts'
import type { UnverifiedRequest } from '../iam/prove-signature.ts'
import { readBytes } from './read-body.ts'

const NO_BYTES = new Uint8Array()

/** Gives the parts of an HTTP request that a signature covers, as they arrived on the wire. The body is read on demand. */
export function readSignedRequest(
  request: FastifyRequest,
  authorization: string,
  bodyBytesMax: number,
): UnverifiedRequest {
  const url = request.originalUrl
  const queryAt = url.indexOf('?')
  return {
    authorization,
    address: request.ip,
    method: request.method,
    path: queryAt < 0 ? url : url.slice(0, queryAt),
    query: queryAt < 0 ? '' : url.slice(queryAt + 1),
    headers: headersOf(request),
    readBody: () => readSignedBody(request, bodyBytesMax),
  }
}

/** All headers as received, by lower-case name; the values of a repeated header are joined by a comma. */
function headersOf({ raw }: FastifyRequest): UnverifiedRequest['headers'] {
  return Object.fromEntries(Object.entries(raw.headersDistinct).map(([name, values]) => [name, values?.join(',')]))
}

async function readSignedBody({ raw }: FastifyRequest, bytesMax: number): Promise<Uint8Array> {
  const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers
  const isEmpty = encoding === undefined && (length === undefined || Number(length) === 0)
  return isEmpty ? NO_BYTES : readBytes(raw, bytesMax)
}

/**
 * Gives the scope that a signed request asks for; a token would carry it. COMPAT: one SDK does not sign the project's
 * header (contract 6.2), so the header is only a wish; authorization requires that the key's user has a role there.
 */
export function requestedScope(
  route: Route,
  params: Readonly<Record<string, string>>,
  headers: UnverifiedRequest['headers'],
): KeyScope {
  const domainId = headers['x-domain-id']
  const domain: KeyScope = domainId ? { kind: 'domain', id: domainId } : { kind: 'domain' }
  if (route.access === 'domain') return domain
  const projectInPath = route.access === 'project' ? params.project_id : undefined
  const id = headers['x-project-id'] || projectInPath
  return id === undefined ? domain : { kind: 'project', id }
}
