import fc from 'fast-check'
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { isoTime, makeSigningKey, TokenSigner } from '../../src/iam/token.ts'

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const SCOPE = { kind: 'project', id: 'project-1' } as const
const SUBJECT = { userId: 'user-1', scope: SCOPE, methods: ['password'], generation: 3 }

let nowMs = NOW_MS
let key: string
let signer: TokenSigner

beforeAll(async () => {
  key = await makeSigningKey()
  signer = await TokenSigner.open(key, () => nowMs)
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

/** A token of our own key that says what the test wants. */
async function forge(claims: JWTPayload, header: { alg: string } = { alg: 'Ed25519' }, signingKey = key) {
  const privateKey = await importJWK(JSON.parse(signingKey) as JWK, 'Ed25519')
  return new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
}

const CLAIMS = {
  ...{ iss: 'tagwerk', jti: 'id', sub: 'user-1', iat: 1_700_000_000, exp: 2_000_000_000 },
  ...{ scope: { kind: 'domain', id: 'd' }, methods: ['password'] },
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token', () => {
  it('says when it is read what was issued', async () => {
    const { token, claims } = await signer.issue(SUBJECT, 3600)
    expect(claims).toEqual({
      ...SUBJECT,
      tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      issuedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      expiresAtMs: Date.UTC(2026, 0, 2, 4, 4, 5),
    })
    expect(await signer.read(token)).toEqual(claims)
  })

  it('can be read by another signer with the same key', async () => {
    const { token, claims } = await signer.issue({ ...SUBJECT, scope: { kind: 'domain', id: 'd' } }, 60)
    const other = await TokenSigner.open(key, () => NOW_MS)
    expect(await other.read(token)).toEqual(claims)
  })

  it('has an id of its own each time', async () => {
    const [one, two] = [await signer.issue(SUBJECT, 60), await signer.issue(SUBJECT, 60)]
    expect(one.claims.tokenId).not.toBe(two.claims.tokenId)
    expect(one.token).not.toBe(two.token)
  })

  it('is good until the millisecond before it expires, and expired from then on', async () => {
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
  it('when it is no token at all', async () => {
    for (const text of ['', ' ', '.', '..', '...', 'a.b.c', 'null', '密码', 'x'.repeat(10_000), '\0']) {
      expect([text, (await refusalOf(text)).code]).toEqual([text, 'token-unreadable'])
    }
  })

  it('when any of it was changed', async () => {
    const { token } = await signer.issue(SUBJECT, 3600)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'b', '0', '-', '.', '', '=', '\u00e9'),
        async (i, c) => {
          const changed = token.slice(0, i) + c + token.slice(i + 1)
          // The last character of each part may carry bits that mean nothing; everything else counts.
          fc.pre(changed !== token && i !== token.length - 1)
          const refusal = await refusalOf(changed)
          expect([refusal.code, refusal.facts]).toEqual(['token-unreadable', {}])
        },
      ),
      { numRuns: 150 },
    )
  })

  it('when other claims were put under its signature', async () => {
    const { token } = await signer.issue(SUBJECT, 3600)
    const [header, , signature] = token.split('.')
    expect((await refusalOf(`${header}.${encode(CLAIMS)}.${signature}`)).code).toBe('token-unreadable')
  })

  it('when another key signed it', async () => {
    const other = await TokenSigner.open(await makeSigningKey(), () => NOW_MS)
    const { token } = await other.issue(SUBJECT, 3600)
    expect((await refusalOf(token)).code).toBe('token-unreadable')
  })

  it('when it says that it needs no signature, or one of another kind', async () => {
    for (const alg of ['none', 'None', 'HS256', 'EdDSA', 'RS256', '']) {
      const unsigned = `${encode({ alg })}.${encode(CLAIMS)}.`
      expect([alg, (await refusalOf(unsigned)).code]).toEqual([alg, 'token-unreadable'])
    }
    // Signed by ourselves, but under a name that is not allowed.
    expect((await refusalOf(await forge(CLAIMS, { alg: 'EdDSA' }))).code).toBe('token-unreadable')
  })

  it.each(['jti', 'sub', 'iat', 'exp', 'scope', 'methods', 'iss'] as const)('when it lacks %s', async (claim) => {
    expect((await signer.read(await forge(CLAIMS))).userId).toBe('user-1')
    const { [claim]: _left, ...others } = CLAIMS
    expect((await refusalOf(await forge(others))).code).toBe('token-unreadable')
  })

  it('when somebody else issued it, or its times are no numbers', async () => {
    expect((await refusalOf(await forge({ ...CLAIMS, iss: 'other' }))).code).toBe('token-unreadable')
    for (const claim of ['exp', 'iat']) {
      const token = await forge({ ...CLAIMS, [claim]: 'soon' } as JWTPayload)
      expect([claim, (await refusalOf(token)).code]).toEqual([claim, 'token-unreadable'])
    }
  })

  it('also when a wrong signature stands under an expired token', async () => {
    const [header, , signature] = (await forge(CLAIMS)).split('.')
    const expired = `${header}.${encode({ ...CLAIMS, exp: 1_700_000_001 })}.${signature}`
    expect((await refusalOf(expired)).code).toBe('token-unreadable')
  })
})

it('a failure of our own is no verdict on the token', async () => {
  const { token } = await signer.issue(SUBJECT, 3600)
  const failure = new Error('no clock')
  const broken = await TokenSigner.open(key, () => {
    throw failure
  })
  await expect(broken.read(token)).rejects.toBe(failure)
})

describe('a signing key', () => {
  it('is a private Ed25519 key as JSON text, another each time', async () => {
    expect(JSON.parse(key)).toEqual({
      ...{ kty: 'OKP', crv: 'Ed25519' },
      ...{ x: expect.stringMatching(/^[\w-]{43}$/), d: expect.stringMatching(/^[\w-]{43}$/) },
    })
    expect(await makeSigningKey()).not.toBe(key)
  })
})

it('times have six digits behind the second and end in Z', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000000Z')
  expect(isoTime(NOW_MS)).toBe('2026-01-02T03:04:05.678000Z')
})
