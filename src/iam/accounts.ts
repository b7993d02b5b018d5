import { randomBytes } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import { type AccountStore, ADMIN_ROLE, type Domain, type User } from '../store/account-store.ts'
import { AccessKeys } from './access-keys.ts'
import { BoundedMap } from './bounded-map.ts'
import { clientNetwork } from './client-network.ts'
import { Lockout } from './lockout.ts'
import { LoginGate } from './login-gate.ts'
import { newId } from './new-id.ts'
import { decoyHash, hashPassword, type PasswordCost, verifyPassword } from './password.ts'
import type { Principal } from './principal.ts'
import { Principals } from './principals.ts'
import { newProject, Projects } from './projects.ts'
import { ENTRIES_MAX, RevisionCache } from './revision-cache.ts'
import { Roles } from './roles.ts'
import { makeSigningKey, type TokenClaims, TokenSigner } from './token.ts'
import { Users } from './users.ts'
import { withWriteLimit } from './write-limit.ts'

export type { Project } from '../store/account-store.ts'

/** How a caller names a user: by id, or by name within a domain (`default` if none is named). */
export type UserName = { readonly id?: string; readonly name?: string; readonly domain?: NameOrId }

export type NameOrId = { readonly id?: string; readonly name?: string }

/**
 * What a caller wants a token for; neither means the user's domain, both mean the project. A domain that is named with
 * the project has to be the user's.
 */
export type ScopeName = {
  readonly project?: NameOrId & { readonly domain?: NameOrId }
  readonly domain?: NameOrId
}

/** A principal and the token that proved it. */
export type Session = { readonly principal: Principal; readonly claims: TokenClaims }

export type AccountsOptions = {
  readonly store: AccountStore
  readonly clock: Clock
  readonly tokenTtlSeconds: number
  readonly passwordCost: PasswordCost
}

const DEFAULT_NAME = 'default'
const ADMIN_NAME = 'admin'
const PASSWORD_METHOD = 'password'

/**
 * Makes domain `default`, project `default` and user `admin` unless accounts exist. Gives the password it had to make
 * up; undefined when one was given or nothing was made. It is kept nowhere else.
 */
export async function createInitialAccounts(
  store: AccountStore,
  adminPassword: string | undefined,
  cost: PasswordCost,
): Promise<string | undefined> {
  if ((await store.getAccountsRevision()) > 0) return undefined
  const password = adminPassword ?? randomBytes(15).toString('base64url')
  const domain = { id: newId(), name: DEFAULT_NAME }
  const user = {
    ...{ id: newId(), domainId: domain.id, name: ADMIN_NAME },
    ...{ passwordHash: await hashPassword(password, cost), enabled: true },
    ...{ description: '', email: '', tokenGeneration: 0 },
  }
  const founded = await store.found({
    domain,
    project: newProject(domain.id, DEFAULT_NAME),
    user,
    assignment: { userId: user.id, scope: 'domain', scopeId: domain.id, role: ADMIN_ROLE },
    signingKey: await makeSigningKey(),
  })
  return founded && adminPassword === undefined ? password : undefined
}

/** Wrong passwords for one user from one place, and how long that place then has to wait. */
const GUESSES = { failuresMax: 10, lockedMs: 60_000 } as const

/** Changes of accounts under way: people and tools ask for them one by one, so more than this is a flood. */
const WRITES_MAX = 200

/** Who asks, and everything that an administrator says about it: users, projects, roles, access keys. */
export class Accounts {
  readonly users: Users
  readonly projects: Projects
  readonly roles: Roles
  readonly accessKeys: AccessKeys
  readonly principals: Principals
  readonly #options: AccountsOptions
  readonly #signer: TokenSigner
  /** So that an unknown user costs as much time as a known one. */
  readonly #decoyHash: string
  /** Whom tokens belong to, by their texts. */
  readonly #sessions = new RevisionCache<Session>()
  /** What tokens say whose signature was checked, by their texts. */
  readonly #claims = new BoundedMap<TokenClaims>(ENTRIES_MAX)
  readonly #gate = new LoginGate()
  readonly #lockout: Lockout

  private constructor(options: AccountsOptions, signer: TokenSigner) {
    const { store, clock, passwordCost } = options
    this.#options = options
    this.#signer = signer
    this.#decoyHash = decoyHash(passwordCost)
    this.#lockout = new Lockout(clock, GUESSES)
    this.users = new Users(store, passwordCost, this.#gate)
    this.projects = new Projects(store)
    this.roles = new Roles(store, clock)
    this.principals = new Principals(store)
    this.accessKeys = new AccessKeys(store, clock, this.principals)
  }

  /** Opens accounts that were founded. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const key = await options.store.getSigningKey()
    if (key === undefined) throw new Error('the store holds no accounts: they must be founded first')
    await options.store.forgetExpiredRevocations(options.clock())
    const store = withWriteLimit(options.store, WRITES_MAX)
    return new Accounts({ ...options, store }, await TokenSigner.open(key, options.clock))
  }

  /**
   * Gives a token for a user who knows the password. Throws `credentials-wrong`, the same for an unknown user;
   * `scope-forbidden` when the user has no role there, the same when there is no such place; `overloaded`; `throttled`
   * after too many wrong passwords for a user from one place. `address` is where the caller is.
   */
  async logIn(
    name: UserName,
    password: string,
    scopeName: ScopeName,
    address = '',
  ): Promise<Session & { readonly token: string }> {
    const revision = await this.#options.store.getAccountsRevision()
    const user = await this.#checkPassword(name, password, address)
    const scope = await this.#findScope(user, scopeName)
    const principal = scope === undefined ? undefined : await this.principals.of(user, scope)
    if (principal === undefined) throw new DomainError('scope-forbidden')
    const { kind } = principal.scope
    const id = principal.scope.kind === 'project' ? principal.scope.project.id : principal.scope.domain.id
    const { tokenGeneration: generation } = user
    const subject = { userId: user.id, scope: { kind, id }, methods: [PASSWORD_METHOD], generation }
    const { token, claims } = await this.#signer.issue(subject, this.#options.tokenTtlSeconds)
    // Known from the start; what has changed about accounts since the check began is looked at when it is first used.
    this.#claims.set(token, claims)
    this.#sessions.set(token, revision, { principal, claims })
    return { token, principal, claims }
  }

  /**
   * Gives whom a token belongs to. The signature is checked once; after that only what may have changed is: time, and
   * accounts since the last check. Throws `token-unreadable`, `token-expired`, `token-revoked`.
   */
  async authenticate(token: string): Promise<Session> {
    const { store, clock } = this.#options
    const revision = await store.getAccountsRevision()
    const known = this.#sessions.known(token, revision)
    if (known !== undefined && known.claims.expiresAtMs > clock()) return known
    const claims = await this.#claimsOf(token)
    const session = await this.#sessions.get(token, revision, async () => {
      const principal = await this.#principalOf(claims)
      return principal && { principal, claims }
    })
    if (session === undefined) throw new DomainError('token-revoked')
    return session
  }

  /** Makes a token worthless from now on. */
  async revoke(claims: TokenClaims): Promise<void> {
    const { store, clock } = this.#options
    await store.revokeToken(claims.tokenId, claims.expiresAtMs)
    await store.forgetExpiredRevocations(clock())
  }

  async #checkPassword(name: UserName, password: string, address: string): Promise<User> {
    const user = await this.#findUser(name)
    // Where the guesses come from counts too, or whoever knows a name could keep its owner out.
    const guesser = `${user?.id ?? JSON.stringify(name)} ${clientNetwork(address)}`
    const retryAfterSeconds = this.#lockout.secondsLeft(guesser)
    if (retryAfterSeconds > 0) throw new DomainError('throttled', { retryAfterSeconds })
    // Nothing fits the hash that stands in for an unknown user, and for one without a password.
    const hash = user?.passwordHash || this.#decoyHash
    const fits = await this.#gate.pass(address, () => verifyPassword(password, hash))
    if (!fits || user === undefined || !user.enabled) {
      this.#lockout.failed(guesser)
      throw new DomainError('credentials-wrong')
    }
    this.#lockout.succeeded(guesser)
    return user
  }

  async #findUser({ id, name, domain }: UserName): Promise<User | undefined> {
    if (id !== undefined) return this.#options.store.getUser(id)
    const found = await this.#findDomain(domain ?? { name: DEFAULT_NAME })
    return found === undefined || name === undefined ? undefined : this.#options.store.getUserByName(found.id, name)
  }

  async #findDomain({ id, name }: NameOrId): Promise<Domain | undefined> {
    if (id !== undefined) return this.#options.store.getDomain(id)
    return name === undefined ? undefined : this.#options.store.getDomainByName(name)
  }

  /** Gives the place a user asks a token for, if it lies in the user's own domain. */
  async #findScope(user: User, { project, domain }: ScopeName): Promise<TokenClaims['scope'] | undefined> {
    if (project !== undefined) {
      const { store } = this.#options
      const isElsewhere = project.domain !== undefined && (await this.#findDomain(project.domain))?.id !== user.domainId
      if (isElsewhere) return undefined
      const found =
        project.id !== undefined
          ? await store.getProject(project.id)
          : await store.getProjectByName(user.domainId, project.name ?? '')
      return found === undefined ? undefined : { kind: 'project', id: found.id }
    }
    const found = domain === undefined ? { id: user.domainId } : await this.#findDomain(domain)
    return found === undefined ? undefined : { kind: 'domain', id: found.id }
  }

  async #claimsOf(token: string): Promise<TokenClaims> {
    const known = this.#claims.get(token)
    if (known !== undefined && known.expiresAtMs > this.#options.clock()) return known
    // The signer says in full what is wrong with an expired token.
    this.#claims.delete(token)
    const claims = await this.#signer.read(token)
    this.#claims.set(token, claims)
    return claims
  }

  async #principalOf(claims: TokenClaims): Promise<Principal | undefined> {
    if (await this.#options.store.isTokenRevoked(claims.tokenId)) return undefined
    const user = await this.#options.store.getUser(claims.userId)
    if (!user?.enabled || user.tokenGeneration !== claims.generation) return undefined
    return this.principals.of(user, claims.scope)
  }
}
