import { DomainError } from '../core/errors.ts'
import type { SigningSecret } from './access-keys.ts'
import {
  type AuthorizationHeader,
  canonicalForMessage,
  checkDate,
  hashOf,
  parseAuthorization,
  type SignedRequest,
  verify,
} from './signature.ts'
import type { SignatureGate } from './signature-gate.ts'

/** A request with an `Authorization` header that is not verified yet. */
export type UnverifiedRequest = Omit<SignedRequest, 'bodyHash'> & {
  readonly authorization: string
  /** IP address of the client. */
  readonly address: string
  /** Reads the whole body. Called at most once, and only for a known key that is not locked. */
  readonly readBody: () => Promise<Uint8Array>
}

/** Gives the secret of an access key; undefined when the key or its user is unknown or disabled. */
export type KeyLookup = (accessKey: string) => Promise<SigningSecret | undefined>

/** A verified signature. `body` is undefined when the signature does not cover the body. */
export type ProvenSignature = { readonly accessKey: string; readonly body: Uint8Array | undefined }

const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'
const CANONICAL_CHARACTERS_MAX = 2048
const KEY_CHARACTERS_MAX = 64

/**
 * Verifies the signature of a request (contract 6.2). Checks in this order: header, date, lockout, key, signature. Throws
 * `signature-malformed`, `signature-expired`, `access-key-locked`, `access-key-unknown`, `signature-wrong`, and whatever
 * `readBody` throws.
 */
export async function proveSignature(
  request: UnverifiedRequest,
  keyLookup: KeyLookup,
  gate: SignatureGate,
): Promise<ProvenSignature> {
  const authorization = parseAuthorization(request.authorization)
  if (authorization === undefined) throw malformed('the header cannot be read')
  checkSigningDate(request.headers['x-sdk-date'], gate.clock())
  const { accessKey } = authorization
  const retryAfterSeconds = gate.secondsLeft(accessKey, request.address)
  if (retryAfterSeconds > 0) throw new DomainError('access-key-locked', { retryAfterSeconds })
  const { secretKey } = await requireKey(accessKey, keyLookup)
  const announcedHash = request.headers['x-sdk-content-sha256']
  const body = announcedHash === UNSIGNED_PAYLOAD ? undefined : await request.readBody()
  const signed = { ...request, bodyHash: body === undefined ? UNSIGNED_PAYLOAD : hashOf(body) }
  const isBodyIntact = announcedHash === undefined || announcedHash === signed.bodyHash
  if (!isBodyIntact || !verify(signed, authorization, secretKey, gate.readings)) {
    gate.failed(accessKey, request.address)
    throw new DomainError('signature-wrong', { detail: describeCanonical(signed, authorization) })
  }
  gate.succeeded(accessKey, request.address)
  return { accessKey, body }
}

/** Looks an access key up. Throws `access-key-unknown`. */
export async function requireKey(accessKey: string, keyLookup: KeyLookup): Promise<SigningSecret> {
  const key = await keyLookup(accessKey)
  if (key !== undefined) return key
  throw new DomainError('access-key-unknown', { detail: `ak ${accessKey.slice(0, KEY_CHARACTERS_MAX)} not exist` })
}

function checkSigningDate(date: string | undefined, nowMs: number): void {
  const verdict = checkDate(date, nowMs)
  if (verdict === 'expired') throw new DomainError('signature-expired')
  if (verdict === 'malformed') throw malformed('X-Sdk-Date must be a time such as 20260101T120000Z')
}

function malformed(detail: string): DomainError {
  return new DomainError('signature-malformed', { detail })
}

/** The canonical request of the server, shown so that the author of a client can compare it with the client's own. */
function describeCanonical(signed: SignedRequest, { signedHeaders }: AuthorizationHeader): string {
  return `canonicalRequest:${canonicalForMessage(signed, signedHeaders).slice(0, CANONICAL_CHARACTERS_MAX)}`
}
