import type { FastifyRequest } from 'fastify'
import type { Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { Accounts } from '../iam/accounts.ts'
import {
  type AuthorizationHeader,
  canonicalForMessage,
  checkDate,
  hashOf,
  parseAuthorization,
  type SignedRequest,
  verify,
} from '../iam/signature.ts'
import type { Proven } from './caller.ts'
import { readBytes } from './read-body.ts'
import type { SignatureGate } from './signature-gate.ts'

const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'
const NO_BYTES = new Uint8Array()
const CANONICAL_CHARACTERS_MAX = 2048
const KEY_CHARACTERS_MAX = 64

/**
 * Finds out who signed a request (contract 6.2). The body is read, because its hash is signed, unless the signature says
 * that it does not cover it. Throws `signature-malformed`, `signature-expired`, `access-key-unknown`, `access-key-locked`,
 * `signature-wrong`; `scope-forbidden` when the key's user has no role in the project or domain that is asked for.
 */
export async function proveSignature(
  accounts: Accounts,
  gate: SignatureGate,
  route: Route,
  request: FastifyRequest,
  authorization: string,
  bodyBytesMax: number,
): Promise<Proven> {
  const parsed = parseAuthorization(authorization)
  if (parsed === undefined) throw new DomainError('signature-malformed', { detail: 'the header cannot be read' })
  const headers = headersOf(request)
  checkSigningDate(headers['x-sdk-date'], gate.clock())
  const { accessKey } = parsed
  const retryAfterSeconds = gate.secondsLeft(accessKey, request.ip)
  if (retryAfterSeconds > 0) throw new DomainError('access-key-locked', { retryAfterSeconds })
  const key = await keyOf(accounts, accessKey)
  const announced = headers['x-sdk-content-sha256']
  const bytes = announced === UNSIGNED_PAYLOAD ? undefined : await bytesOf(request, bodyBytesMax)
  const signed = signedRequest(request, headers, bytes)
  const isWhole = announced === undefined || announced === UNSIGNED_PAYLOAD || announced === signed.bodyHash
  if (!isWhole || !verify(signed, parsed, key.secretKey, gate.readings)) {
    gate.failed(accessKey, request.ip)
    throw new DomainError('signature-wrong', { detail: canonicalOf(signed, parsed) })
  }
  gate.succeeded(accessKey, request.ip)
  const again = async () => {
    const { userId } = await keyOf(accounts, accessKey)
    const principal = await accounts.accessKeys.principalIn(userId, scopeOf(route, request, headers))
    if (principal === undefined) throw new DomainError('scope-forbidden')
    return { principal }
  }
  return { caller: await again(), bytes, again }
}

async function keyOf(accounts: Accounts, accessKey: string) {
  const key = await accounts.accessKeys.secretOf(accessKey)
  if (key !== undefined) return key
  throw new DomainError('access-key-unknown', { detail: `ak ${accessKey.slice(0, KEY_CHARACTERS_MAX)} not exist` })
}

function checkSigningDate(date: string | undefined, nowMs: number): void {
  const verdict = checkDate(date, nowMs)
  if (verdict === 'expired') throw new DomainError('signature-expired')
  if (verdict === 'malformed') {
    throw new DomainError('signature-malformed', { detail: 'X-Sdk-Date must be a time such as 20260101T120000Z' })
  }
}

type Headers = Readonly<Record<string, string | undefined>>

/** Every header as it came, the content type too, which is kept from the framework. */
function headersOf({ raw }: FastifyRequest): Headers {
  return Object.fromEntries(Object.entries(raw.headersDistinct).map(([name, values]) => [name, values?.join(',')]))
}

function bytesOf(request: FastifyRequest, bytesMax: number): Promise<Uint8Array> | Uint8Array {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.raw.headers
  const isEmpty = encoding === undefined && (length === undefined || Number(length) === 0)
  return isEmpty ? NO_BYTES : readBytes(request.raw, bytesMax)
}

function signedRequest(request: FastifyRequest, headers: Headers, bytes: Uint8Array | undefined): SignedRequest {
  const url = request.originalUrl
  const at = url.indexOf('?')
  return {
    method: request.method,
    path: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? '' : url.slice(at + 1),
    headers,
    bodyHash: bytes === undefined ? UNSIGNED_PAYLOAD : hashOf(bytes),
  }
}

/** What was checked, as the gateway shows it, so that a client's author can compare. */
function canonicalOf(signed: SignedRequest, { signedHeaders }: AuthorizationHeader): string {
  return `canonicalRequest:${canonicalForMessage(signed, signedHeaders).slice(0, CANONICAL_CHARACTERS_MAX)}`
}

type Scope = { readonly kind: 'project'; readonly id: string } | { readonly kind: 'domain'; readonly id?: string }

/**
 * The scope that a signed request asks for: a token would carry it. COMPAT: the project's header comes unsigned from one
 * SDK (contract 6.2), so it is no more than a wish; the key's user needs a role there.
 */
function scopeOf(route: Route, request: FastifyRequest, headers: Headers): Scope {
  const domainId = headers['x-domain-id']
  const domain = { kind: 'domain', ...(domainId && { id: domainId }) } as const
  if (route.access === 'domain') return domain
  const named = (request.params as Readonly<Record<string, string>>).project_id
  const id = headers['x-project-id'] || (route.access === 'project' ? named : undefined)
  return id === undefined ? domain : { kind: 'project', id }
}
