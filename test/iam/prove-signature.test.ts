import { beforeEach, describe, expect, it } from 'vitest'
import type { DomainError } from '../../src/core/errors.ts'
import { proveSignature, type UnverifiedRequest } from '../../src/iam/prove-signature.ts'
import { hashOf, sign } from '../../src/iam/signature.ts'
import { SignatureGate } from '../../src/iam/signature-gate.ts'

// The order of the checks (contract 6.2), without HTTP and without a store.

const KEY = { accessKey: 'AK', secretKey: 'secret' }
const BODY = Buffer.from('{"a":1}')
const DATE = '20260101T120000Z'
const SIGNED_AT_MS = Date.UTC(2026, 0, 1, 12)

let nowMs: number
let gate: SignatureGate
let bodyReads: number
beforeEach(() => {
  nowMs = SIGNED_AT_MS
  gate = new SignatureGate(
    () => nowMs,
    () => nowMs,
    false,
  )
  bodyReads = 0
})

function signed(headers: Record<string, string> = {}, secretKey = KEY.secretKey, bodyHash = hashOf(BODY)) {
  const parts = { method: 'POST', path: '/v2/p/images', query: '', headers: { 'x-sdk-date': DATE, ...headers } }
  const key = { ...KEY, secretKey }
  return { ...parts, authorization: sign({ ...parts, bodyHash }, key, 'access', Object.keys(parts.headers)) }
}

function prove(request: Omit<UnverifiedRequest, 'address' | 'readBody'>) {
  const readBody = async () => {
    bodyReads++
    return BODY
  }
  const keyLookup = async (accessKey: string) =>
    accessKey === KEY.accessKey ? { secretKey: KEY.secretKey, userId: 'user' } : undefined
  return proveSignature({ ...request, address: '10.0.0.1', readBody }, keyLookup, gate)
}

async function codeOf(request: Omit<UnverifiedRequest, 'address' | 'readBody'>): Promise<string> {
  return prove(request).then(
    () => 'accepted',
    (error: DomainError) => error.code,
  )
}

describe('proveSignature', () => {
  it('gives the access key and the body of a correctly signed request', async () => {
    expect(await prove(signed())).toEqual({ accessKey: 'AK', body: BODY })
  })

  it('reads no body when the signature declares that it does not cover the body', async () => {
    const request = signed({ 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }, KEY.secretKey, 'UNSIGNED-PAYLOAD')
    expect(await prove(request)).toEqual({ accessKey: 'AK', body: undefined })
    expect(bodyReads).toBe(0)
  })

  it('checks the header before the date, the date before the lockout, and the lockout before the key', async () => {
    const unknown = { ...signed(), authorization: signed().authorization.replace('Access=AK', 'Access=AK2') }
    for (let i = 0; i < 5; i++) gate.failed('AK2', '10.0.0.1')
    expect(await codeOf(unknown)).toBe('access-key-locked')
    nowMs += 16 * 60_000
    expect(await codeOf(unknown)).toBe('signature-expired')
    expect(await codeOf({ ...unknown, authorization: 'SDK-HMAC-SHA256 x' })).toBe('signature-malformed')
    nowMs = SIGNED_AT_MS + 5 * 60_000
    expect(await codeOf(unknown)).toBe('access-key-unknown')
  })

  it('reads the body of known, unlocked keys only', async () => {
    const unknown = { ...signed(), authorization: signed().authorization.replace('Access=AK', 'Access=AK2') }
    expect([await codeOf(unknown), bodyReads]).toEqual(['access-key-unknown', 0])
    for (let i = 0; i < 5; i++) gate.failed('AK', '10.0.0.1')
    expect([await codeOf(signed()), bodyReads]).toEqual(['access-key-locked', 0])
  })

  it('counts only wrong signatures of known keys as failures, and a success resets the count', async () => {
    const wrong = signed({}, 'another secret')
    for (let i = 0; i < 4; i++) expect(await codeOf(wrong)).toBe('signature-wrong')
    expect(await codeOf(signed())).toBe('accepted')
    for (let i = 0; i < 5; i++) expect(await codeOf(wrong)).toBe('signature-wrong')
    expect(await codeOf(signed())).toBe('access-key-locked')
  })

  it('refuses a body whose hash differs from the announced one', async () => {
    const request = signed({ 'x-sdk-content-sha256': '0'.repeat(64) })
    expect(await codeOf(request)).toBe('signature-wrong')
  })
})
