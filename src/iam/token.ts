import { randomUUID } from 'node:crypto'
import { type CryptoKey, errors, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import { INITIAL_SIGNING_KEY_ID, type SigningKey, type StoredSigningKey } from '../store/account-records.ts'
import { newId } from './new-id.ts'
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

/** Generates a key for tokens: a JSON Web Key in JSON text, with a new id. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  return { id: newId(), privateKey: JSON.stringify(await exportJWK(privateKey)) }
}

/** Throws for a key that cannot sign, such as one whose text was changed. */
export async function checkSigningKey({ privateKey }: StoredSigningKey): Promise<void> {
  const key = (await importJWK(JSON.parse(privateKey) as JWK, ALGORITHM)) as CryptoKey
  if (key.type !== 'private') throw new Error('it is no private key')
}

/** A key that verifies tokens. */
type VerifyingKey = { readonly publicKey: CryptoKey; readonly verifiesUntilMs: number }

/** Issues and verifies tokens: JSON Web Tokens that identify their user and scope. */
export class TokenSigner {
  readonly #keyId: string
  readonly #privateKey: CryptoKey
  readonly #verifying: ReadonlyMap<string, VerifyingKey>
  readonly #clock: Clock

  private constructor(
    keyId: string,
    privateKey: CryptoKey,
    verifying: ReadonlyMap<string, VerifyingKey>,
    clock: Clock,
  ) {
    this.#keyId = keyId
    this.#privateKey = privateKey
    this.#verifying = verifying
    this.#clock = clock
  }

  /**
   * Imports keys that `makeSigningKey` generated. All verify. The one without an end signs, or, if that is missing, the one
   * that ends last.
   */
  static async open(keys: readonly StoredSigningKey[], clock: Clock): Promise<TokenSigner> {
    const endOf = ({ verifiesUntilMs = Number.POSITIVE_INFINITY }: StoredSigningKey) => verifiesUntilMs
    const [signing] = keys.toSorted((a, b) => (endOf(a) === endOf(b) ? 0 : endOf(b) - endOf(a)))
    const hasEnded = signing?.verifiesUntilMs !== undefined && signing.verifiesUntilMs <= clock()
    if (signing === undefined || hasEnded) throw new Error('the store has no key that signs tokens')
    const verifying = new Map<string, VerifyingKey>()
    for (const { id, privateKey, verifiesUntilMs = Number.POSITIVE_INFINITY } of keys) {
      const { d: _secret, ...publicJwk } = JSON.parse(privateKey) as JWK
      verifying.set(id, { publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey, verifiesUntilMs })
    }
    const privateKey = (await importJWK(JSON.parse(signing.privateKey) as JWK, ALGORITHM)) as CryptoKey
    return new TokenSigner(signing.id, privateKey, verifying, clock)
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
      .setProtectedHeader({ alg: ALGORITHM, kid: this.#keyId })
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

  /**
   * Verifies a token and gives its claims. It expires with its key at the latest. Throws `token-unreadable` and
   * `token-expired`.
   */
  async read(token: string): Promise<TokenClaims> {
    let verifiesUntilMs = 0
    // Tokens issued by releases with one key name none.
    const keyOf = ({ kid = INITIAL_SIGNING_KEY_ID }: { readonly kid?: string }): CryptoKey => {
      const key = this.#verifying.get(kid)
      if (key === undefined) throw new errors.JWKSNoMatchingKey()
      verifiesUntilMs = key.verifiesUntilMs
      return key.publicKey
    }
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        requiredClaims: ['jti', 'sub', 'iat', 'exp', 'scope', 'methods'],
        currentDate: new Date(this.#clock()),
      })
      // Tokens issued by releases without an audience have none.
      if (payload.aud !== undefined && payload.aud !== AUDIENCE) throw new DomainError('token-unreadable')
      const expiresAtMs = Math.min((payload.exp as number) * 1000, verifiesUntilMs)
      if (expiresAtMs <= this.#clock()) throw expired(expiresAtMs)
      return {
        tokenId: payload.jti as string,
        userId: payload.sub as string,
        scope: payload.scope as TokenClaims['scope'],
        methods: payload.methods as string[],
        // Tokens issued by releases without generations have generation 0.
        generation: (payload.gen as number | undefined) ?? 0,
        scopeGeneration: (payload.sgen as number | undefined) ?? 0,
        issuedAtMs: (payload.iat as number) * 1000,
        expiresAtMs,
      }
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw expired((error.payload.exp as number) * 1000)
      if (error instanceof errors.JOSEError) throw new DomainError('token-unreadable')
      throw error
    }
  }
}

function expired(ms: number): DomainError {
  return new DomainError('token-expired', { expiredAt: isoTime(ms) })
}

/** Formats a time as in token documents: ISO 8601 with microseconds. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`
}
