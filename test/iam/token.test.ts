import fc from 'fast-check'
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { isoTime, makeSigningKey, TokenSigner } from '../../src/iam/token.ts'
import type { SigningKey, StoredSigningKey } from '../../src/store/account-records.ts'

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const SCOPE = { kind: 'project', id: 'project-1' } as const
const SUBJECT = { userId: 'user-1', scope: SCOPE, methods: ['password'], generation: 3, scopeGeneration: 2 }

let nowMs = NOW_MS
let key: StoredSigningKey
let signer: TokenSigner

beforeAll(async () => {
  // Tokens without the id of a key are those of this one.
  key = { ...(await makeSigningKey()), id: 'initial', verifiesUntilMs: undefined }
  signer = await TokenSigner.open([key], () => nowMs)
})

async function refusalOf(token: string): Promise<DomainError> {
  const error = await signer.read(token).then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  )
  if (error instanceof DomainError) return error
  throw error
}

async function at<T>(ms: number, work: () => Promise<T>): Promise<T> {
  nowMs = ms
  try {
    return await work()
  } finally {
    nowMs = NOW_MS
  }
}

/** Signs arbitrary claims with our own key. */
async function forge(
  claims: JWTPayload,
  header: { alg: string; kid?: string } = { alg: 'Ed25519' },
  signingKey: SigningKey = key,
) {
  const privateKey = await importJWK(JSON.parse(signingKey.privateKey) as JWK, 'Ed25519')
  return new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
}

const CLAIMS = {
  iss: 'tagwerk',
  jti: 'id',
  sub: 'user-1',
  iat: 1_700_000_000,
  exp: 2_000_000_000,
  scope: { kind: 'domain', id: 'd' },
  methods: ['password'],
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token', () => {
  it('a token contains the claims that it was issued with', async () => {
    const { token, claims } = await signer.issue(SUBJECT, 3600)
    expect(claims).toEqual({
      ...SUBJECT,
      tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      issuedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      expiresAtMs: Date.UTC(2026, 0, 2, 4, 4, 5),
    })
    expect(await signer.read(token)).toEqual(claims)
  })

  it('a token is verified by another signer with the same key', async () => {
    const { token, claims } = await signer.issue({ ...SUBJECT, scope: { kind: 'domain', id: 'd' } }, 60)
    const other = await TokenSigner.open([key], () => NOW_MS)
    expect(await other.read(token)).toEqual(claims)
  })

  it('each token has a unique id', async () => {
    const [one, two] = [await signer.issue(SUBJECT, 60), await signer.issue(SUBJECT, 60)]
    expect(one.claims.tokenId).not.toBe(two.claims.tokenId)
    expect(one.token).not.toBe(two.token)
  })

  it('a token is valid until the millisecond before it expires', async () => {
    const { token, claims } = await signer.issue(SUBJECT, 10)
    expect(claims.expiresAtMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 15))
    expect(await at(claims.expiresAtMs - 1, () => signer.read(token))).toEqual(claims)
    for (const ms of [claims.expiresAtMs, claims.expiresAtMs + 1, claims.expiresAtMs + 86_400_000]) {
      const refusal = await at(ms, () => refusalOf(token))
      expect([refusal.code, refusal.facts]).toEqual(['token-expired', { expiredAt: '2026-01-02T03:04:15.000000Z' }])
    }
  })
})

describe('a token is unreadable', () => {
  it('a text that is not a token is unreadable', async () => {
    for (const text of ['', ' ', '.', '..', '...', 'a.b.c', 'null', '密码', 'x'.repeat(10_000), '\0']) {
      expect([text, (await refusalOf(text)).code]).toEqual([text, 'token-unreadable'])
    }
  })

  it('a token with any changed character is unreadable', async () => {
    const { token } = await signer.issue(SUBJECT, 3600)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'b', '0', '-', '.', '', '=', '\u00e9'),
        async (i, c) => {
          const changed = token.slice(0, i) + c + token.slice(i + 1)
          // The last character may contain padding bits, which the decoder ignores.
          fc.pre(changed !== token && i !== token.length - 1)
          const refusal = await refusalOf(changed)
          expect([refusal.code, refusal.facts]).toEqual(['token-unreadable', {}])
        },
      ),
      { numRuns: 150 },
    )
  })

  it('a token with other claims under its signature is unreadable', async () => {
    const { token } = await signer.issue(SUBJECT, 3600)
    const [header, , signature] = token.split('.')
    expect((await refusalOf(`${header}.${encode(CLAIMS)}.${signature}`)).code).toBe('token-unreadable')
  })

  it('a token for another audience is unreadable, and one without an audience is readable', async () => {
    expect((await refusalOf(await forge({ ...CLAIMS, aud: 'another-service' }))).code).toBe('token-unreadable')
    expect(await signer.read(await forge(CLAIMS))).toMatchObject({ tokenId: 'id', generation: 0, scopeGeneration: 0 })
    expect(await signer.read(await forge({ ...CLAIMS, aud: 'tagwerk-api' }))).toMatchObject({ tokenId: 'id' })
  })

  it('a token signed by another key is unreadable', async () => {
    const other = await TokenSigner.open([{ ...(await makeSigningKey()), verifiesUntilMs: undefined }], () => NOW_MS)
    const { token } = await other.issue(SUBJECT, 3600)
    expect((await refusalOf(token)).code).toBe('token-unreadable')
  })

  it('a token that declares no or another signature algorithm is unreadable', async () => {
    for (const alg of ['none', 'None', 'HS256', 'EdDSA', 'RS256', '']) {
      const unsigned = `${encode({ alg })}.${encode(CLAIMS)}.`
      expect([alg, (await refusalOf(unsigned)).code]).toEqual([alg, 'token-unreadable'])
    }
    // A valid signature with an algorithm name that is not accepted.
    expect((await refusalOf(await forge(CLAIMS, { alg: 'EdDSA' }))).code).toBe('token-unreadable')
  })

  it.each(['jti', 'sub', 'iat', 'exp', 'scope', 'methods', 'iss'] as const)(
    'a token without the claim %s is unreadable',
    async (claim) => {
      expect((await signer.read(await forge(CLAIMS))).userId).toBe('user-1')
      const { [claim]: _left, ...others } = CLAIMS
      expect((await refusalOf(await forge(others))).code).toBe('token-unreadable')
    },
  )

  it('a token of another issuer or with invalid times is unreadable', async () => {
    expect((await refusalOf(await forge({ ...CLAIMS, iss: 'other' }))).code).toBe('token-unreadable')
    for (const claim of ['exp', 'iat']) {
      const token = await forge({ ...CLAIMS, [claim]: 'soon' } as JWTPayload)
      expect([claim, (await refusalOf(token)).code]).toEqual([claim, 'token-unreadable'])
    }
  })

  it('an expired token with a wrong signature is unreadable, not expired', async () => {
    const [header, , signature] = (await forge(CLAIMS)).split('.')
    const expired = `${header}.${encode({ ...CLAIMS, exp: 1_700_000_001 })}.${signature}`
    expect((await refusalOf(expired)).code).toBe('token-unreadable')
  })
})

it('an internal failure during verification is not reported as an invalid token', async () => {
  const { token } = await signer.issue(SUBJECT, 3600)
  const failure = new Error('no clock')
  const broken = await TokenSigner.open([key], () => {
    throw failure
  })
  await expect(broken.read(token)).rejects.toBe(failure)
})

describe('several signing keys', () => {
  const until = async (verifiesUntilMs?: number) => ({ ...(await makeSigningKey()), verifiesUntilMs })

  it('new tokens name the key that signs, and tokens of former keys are read until the end of their key', async () => {
    const [former, current] = [await until(), await until()]
    const { token, claims } = await (await TokenSigner.open([former], () => NOW_MS)).issue(SUBJECT, 3600)
    const endMs = NOW_MS + 60_000
    const both = await TokenSigner.open([{ ...former, verifiesUntilMs: endMs }, current], () => nowMs)
    const kid = (of: string) => JSON.parse(Buffer.from(of.split('.')[0] as string, 'base64url').toString()).kid
    expect([kid(token), kid((await both.issue(SUBJECT, 60)).token)]).toEqual([former.id, current.id])
    expect(await both.read(token)).toEqual({ ...claims, expiresAtMs: endMs })
    const error = await at(endMs, () => both.read(token).catch((reason: unknown) => reason))
    expect(error).toEqual(new DomainError('token-expired', { expiredAt: isoTime(endMs) }))
    const later = await TokenSigner.open([{ ...former, verifiesUntilMs: NOW_MS + 86_400_000 }, current], () => NOW_MS)
    expect((await later.read(token)).expiresAtMs).toBe(claims.expiresAtMs)
  })

  it('a token is read with the key that it names only', async () => {
    const [one, other] = [await until(NOW_MS + 60_000), await until()]
    const signer = await TokenSigner.open([one, other], () => NOW_MS)
    const codeOf = (token: Promise<string>) => token.then((it) => signer.read(it)).catch(({ code }) => code)
    expect(await codeOf(forge(CLAIMS, { alg: 'Ed25519', kid: other.id }, one))).toBe('token-unreadable')
    expect(await codeOf(forge(CLAIMS, { alg: 'Ed25519', kid: 'unknown' }, one))).toBe('token-unreadable')
    expect(await codeOf(forge(CLAIMS, { alg: 'Ed25519' }, one))).toBe('token-unreadable')
    expect(await codeOf(forge(CLAIMS, { alg: 'Ed25519', kid: one.id }, one))).toMatchObject({ tokenId: 'id' })
  })

  it('keys of which none signs are refused', async () => {
    await expect(TokenSigner.open([await until(NOW_MS)], () => NOW_MS)).rejects.toThrow('no key that signs')
  })
})

describe('a signing key', () => {
  it('a signing key is a new private Ed25519 key as JSON text', async () => {
    expect(JSON.parse(key.privateKey)).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.stringMatching(/^[\w-]{43}$/),
      d: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect((await makeSigningKey()).privateKey).not.toBe(key.privateKey)
    expect((await makeSigningKey()).id).toMatch(/^\w{32}$/)
  })
})

it('times are formatted in UTC with microseconds', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000000Z')
  expect(isoTime(NOW_MS)).toBe('2026-01-02T03:04:05.678000Z')
})
