import { randomUUID } from 'node:crypto'
import { type CryptoKey, errors, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import type { Scope } from './principal.ts'

const ALGORITHM = 'Ed25519'
const ISSUER = 'tagwerk'
const AUDIENCE = 'tagwerk-api'

/** The claims of a token. */
export type TokenClaims = {
  readonly tokenId: string
  readonly userId: string
  readonly scope: { readonly kind: Scope['kind']; readonly id: string }
  readonly methods: readonly string[]
  /** The user's token generation at the time of issue. Incrementing the user's generation revokes the token. */
  readonly generation: number
  /** The same of the project that the token is for; 0 for a domain. */
  readonly scopeGeneration: number
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

/** Generates the private key of a new service, as a JSON Web Key in JSON text. */
export async function makeSigningKey(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  return JSON.stringify(await exportJWK(privateKey))
}

/** Issues and verifies tokens: JSON Web Tokens that identify their user and scope. */
export class TokenSigner {
  readonly #privateKey: CryptoKey
  readonly #publicKey: CryptoKey
  readonly #clock: Clock

  private constructor(privateKey: CryptoKey, publicKey: CryptoKey, clock: Clock) {
    this.#privateKey = privateKey
    this.#publicKey = publicKey
    this.#clock = clock
  }

  /** Imports a key that `makeSigningKey` generated. */
  static async open(signingKey: string, clock: Clock): Promise<TokenSigner> {
    const { d: _secret, ...publicJwk } = JSON.parse(signingKey) as JWK
    const privateKey = await importJWK(JSON.parse(signingKey) as JWK, ALGORITHM)
    const publicKey = await importJWK(publicJwk, ALGORITHM)
    return new TokenSigner(privateKey as CryptoKey, publicKey as CryptoKey, clock)
  }

  /** Issues a token that is valid from now on. */
  async issue(
    subject: Pick<TokenClaims, 'userId' | 'scope' | 'methods' | 'generation' | 'scopeGeneration'>,
    ttlSeconds: number,
  ): Promise<{ token: string; claims: TokenClaims }> {
    // JSON Web Tokens store times in whole seconds.
    const issuedAtSeconds = Math.floor(this.#clock() / 1000)
    const tokenId = randomUUID()
    const { scope, methods, generation, scopeGeneration } = subject
    const token = await new SignJWT({ scope, methods, gen: generation, sgen: scopeGeneration })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setJti(tokenId)
      .setSubject(subject.userId)
      .setIssuedAt(issuedAtSeconds)
      .setExpirationTime(issuedAtSeconds + ttlSeconds)
      .sign(this.#privateKey)
    const times = { issuedAtMs: issuedAtSeconds * 1000, expiresAtMs: (issuedAtSeconds + ttlSeconds) * 1000 }
    return { token, claims: { tokenId, ...subject, ...times } }
  }

  /** Verifies a token and gives its claims. Throws `token-unreadable` and `token-expired`. */
  async read(token: string): Promise<TokenClaims> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        requiredClaims: ['jti', 'sub', 'iat', 'exp', 'scope', 'methods'],
        currentDate: new Date(this.#clock()),
      })
      // Tokens issued by releases without an audience have none.
      if (payload.aud !== undefined && payload.aud !== AUDIENCE) throw new DomainError('token-unreadable')
      return {
        tokenId: payload.jti as string,
        userId: payload.sub as string,
        scope: payload.scope as TokenClaims['scope'],
        methods: payload.methods as string[],
        // Tokens issued by releases without generations have generation 0.
        generation: (payload.gen as number | undefined) ?? 0,
        scopeGeneration: (payload.sgen as number | undefined) ?? 0,
        issuedAtMs: (payload.iat as number) * 1000,
        expiresAtMs: (payload.exp as number) * 1000,
      }
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new DomainError('token-expired', { expiredAt: isoTime((error.payload.exp as number) * 1000) })
      }
      if (error instanceof errors.JOSEError) throw new DomainError('token-unreadable')
      throw error
    }
  }
}

/** Formats a time as in token documents: ISO 8601 with microseconds. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`
}
