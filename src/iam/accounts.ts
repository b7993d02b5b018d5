import type { Clock, MonotonicClock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import type { Domain, LoggedAccountChange, User } from '../store/account-records.ts'
import type { AccountStore } from '../store/account-store.ts'
import { StoreUnavailable } from '../store/store.ts'
import { AccessKeys } from './access-keys.ts'
import { BoundedMap } from './bounded-map.ts'
import { Domains } from './domains.ts'
import { DEFAULT_NAME } from './initial-accounts.ts'
import { logWrites } from './logged-writes.ts'
import { LoginGate } from './login-gate.ts'
import type { PasswordCost } from './password.ts'
import { loginEvent, PasswordCheck } from './password-check.ts'
import type { Principal, Scope } from './principal.ts'
import { Principals } from './principals.ts'
import { Projects } from './projects.ts'
import { ENTRIES_MAX, RevisionCache } from './revision-cache.ts'
import { Roles } from './roles.ts'
import type { SecretRing } from './secret-ring.ts'
import { originMembers, type ReportEvent } from './security-event.ts'
import { SigningKeys } from './signing-keys.ts'
import { TagPolicies } from './tag-policies.ts'
import type { TokenClaims, TokenSigner } from './token.ts'
import { Users } from './users.ts'
import { type AccountReads, type AccountWrites, limitWrites } from './write-limit.ts'

export type { Project } from '../store/account-records.ts'

/** A reference to a user: by id, or by name within a domain (by default `default`). */
export type UserName = { readonly id?: string; readonly name?: string; readonly domain?: NameOrId }

export type NameOrId = { readonly id?: string; readonly name?: string }

/**
 * The scope that a token is requested for. Without project and domain it is the user's domain; with both it is the
 * project. The domain of a project must be the user's.
 */
export type ScopeName = {
  readonly project?: NameOrId & { readonly domain?: NameOrId }
  readonly domain?: NameOrId
}

/** An authenticated principal and the claims of its token. */
export type Session = { readonly principal: Principal; readonly claims: TokenClaims }

export type IssuedSession = Session & { readonly token: string }

export type AccountsOptions = {
  readonly store: AccountStore
  readonly clock: Clock
  readonly monotonicClock: MonotonicClock
  readonly tokenTtlSeconds: number
  readonly passwordCost: PasswordCost
  /** Receives log-ins, revocations and changes of accounts. */
  readonly report?: ReportEvent
  /** Decrypts the secrets in the store. */
  readonly secrets: SecretRing
  /** Limits on the records of one domain; none by default. */
  readonly domainLimits?: { readonly projectsMax: number; readonly usersMax: number }
}

const PASSWORD_METHOD = 'password'

/** Account writes in flight. People and tools send them one at a time, so more indicate a flood of requests. */
const WRITES_IN_FLIGHT_MAX = 200

/** Login and token authentication, and the parts that manage users, projects, roles and access keys. */
export class Accounts {
  readonly domains: Domains
  readonly users: Users
  readonly projects: Projects
  readonly roles: Roles
  readonly accessKeys: AccessKeys
  readonly principals: Principals
  readonly tagPolicies: TagPolicies
  readonly #store: AccountReads
  readonly #writes: AccountWrites
  readonly #clock: Clock
  readonly #tokenTtlSeconds: number
  readonly #signingKeys: SigningKeys
  /** Authenticated sessions by token. */
  readonly #sessions = new RevisionCache<Session>()
  /** Claims of tokens with a verified signature, by token. They outlive changes of accounts, unlike sessions. */
  readonly #claims = new BoundedMap<TokenClaims>(ENTRIES_MAX)
  /** The signer that verified them. */
  #claimsSigner: TokenSigner | undefined
  readonly #passwords: PasswordCheck
  readonly #report: ReportEvent

  private constructor(options: AccountsOptions) {
    const { store, clock, monotonicClock, passwordCost, tokenTtlSeconds, secrets, report = () => undefined } = options
    this.#store = store
    this.#report = report
    const revokeToken: AccountWrites['revokeToken'] = (...args) => store.revokeToken(...args)
    this.#writes = limitWrites({ ...logWrites(store, clock, report), revokeToken }, WRITES_IN_FLIGHT_MAX)
    this.#clock = clock
    this.#tokenTtlSeconds = tokenTtlSeconds
    this.#signingKeys = new SigningKeys(store, secrets, clock)
    const gate = new LoginGate()
    this.#passwords = new PasswordCheck({ store, monotonicClock, passwordCost, gate, report })
    this.users = new Users(store, this.#writes, passwordCost, gate, options.domainLimits?.usersMax)
    this.domains = new Domains(store, this.#writes, this.users)
    this.projects = new Projects(store, this.#writes, options.domainLimits?.projectsMax)
    this.roles = new Roles(store, this.#writes, clock)
    this.principals = new Principals(store)
    this.tagPolicies = new TagPolicies(store, this.#writes, clock)
    this.accessKeys = new AccessKeys(store, this.#writes, clock, this.principals, secrets)
  }

  /** Unlocks every user that too many wrong passwords have locked. */
  forgetFailedLogins(): void {
    this.#passwords.forgetFailures()
  }

  /** Opens a store. Until it has the initial accounts, every login and authentication throws `unavailable`. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    try {
      await options.store.forgetExpiredRevocations(options.clock())
    } catch (error) {
      // Only space is at stake. A store that cannot write now may be able to read.
      if (!(error instanceof StoreUnavailable)) throw error
    }
    return new Accounts(options)
  }

  /**
   * Issues a token to a user with the correct password. `address` is the client's IP address. Throws `credentials-wrong`,
   * also for an unknown user; `scope-forbidden` when the user has no role in the scope, also when the scope does not
   * exist; `overloaded`; `throttled` after too many wrong passwords for a user from one client network; and `unavailable`
   * before the initial accounts exist.
   */
  async logIn(name: UserName, password: string, scopeName: ScopeName, address = ''): Promise<IssuedSession> {
    const issuing = await this.#beginIssue()
    const user = await this.#checkPassword(name, password, address)
    const scope = await this.#findScope(user, scopeName)
    const principal = scope && (await this.principals.of(user, scope))
    return this.#issue(issuing, user, principal, address)
  }

  /**
   * Issues a token to a user who has a role anywhere: for the domain, or else for the first project with a role. Throws as
   * `logIn` does.
   */
  async logInAnywhere(name: UserName, password: string, address = ''): Promise<IssuedSession> {
    const issuing = await this.#beginIssue()
    const user = await this.#checkPassword(name, password, address)
    let principal = await this.principals.of(user, { kind: 'domain', id: user.domainId })
    if (principal === undefined) {
      const [first] = await this.projects.listForUser(user.domainId, user.id)
      principal = first && (await this.principals.of(user, { kind: 'project', id: first.id }))
    }
    return this.#issue(issuing, user, principal, address)
  }

  async #beginIssue(): Promise<Issuing> {
    const revision = await this.#store.getAccountsRevision()
    return { revision, signer: await this.#signingKeys.at(revision) }
  }

  /** Issues a token for the scope of a principal; undefined: the user has no role there. */
  async #issue(
    { revision, signer }: Issuing,
    user: User,
    principal: Principal | undefined,
    address: string,
  ): Promise<IssuedSession> {
    const scope = principal && scopeIdOf(principal.scope)
    const scopeGeneration = scope && (await this.#scopeGeneration(scope))
    if (principal === undefined || scope === undefined || scopeGeneration === undefined) {
      this.#report(loginEvent(user, address, 'no-role-in-scope'))
      throw new DomainError('scope-forbidden')
    }
    const subject = {
      userId: user.id,
      scope,
      methods: [PASSWORD_METHOD],
      generation: user.tokenGeneration,
      scopeGeneration,
    }
    const { token, claims } = await signer.issue(subject, this.#tokenTtlSeconds)
    // Cached at the revision read before the password check: if accounts changed since, the first use reloads it.
    this.#claimsOfSigner(signer).set(token, claims)
    this.#sessions.set(token, revision, { principal, claims })
    this.#report(loginEvent(user, address, undefined, { scope: claims.scope }))
    return { token, principal, claims }
  }

  /**
   * Authenticates a token. The signature is verified once per token; later calls check the expiry, and reload the user and
   * its roles when the accounts revision has changed. Throws `token-unreadable`, `token-expired`, `token-revoked`, and
   * `unavailable` before the initial accounts exist.
   */
  async authenticate(token: string): Promise<Session> {
    const revision = await this.#store.getAccountsRevision()
    const cached = this.#sessions.peek(token, revision)
    if (cached !== undefined && cached.claims.expiresAtMs > this.#clock()) return cached
    const claims = await this.#claimsOf(token, revision)
    const session = await this.#sessions.get(token, revision, async () => {
      const principal = await this.#principalOf(claims)
      return principal && { principal, claims }
    })
    if (session === undefined) throw new DomainError('token-revoked')
    return session
  }

  /**
   * Changes the password of a user who knows the original one, and revokes all tokens of the user. Throws
   * `credentials-wrong`, also when the password was reset or the user disabled in the meantime, `throttled` as `logIn` does,
   * `password-weak`, `resource-not-found`, `overloaded`.
   */
  async changePassword(user: User, original: string, password: string, address: string): Promise<void> {
    await this.#passwords.check(user, user.id, original, address)
    await this.users.replacePassword(user, original, password, address)
  }

  /** Lists changes of accounts in a domain, newest first, below a revision if one is given. */
  listChanges(domainId: string, limit: number, before?: number): Promise<readonly LoggedAccountChange[]> {
    return this.#store.listAccountLog(domainId, limit, before)
  }

  /** Revokes a token with immediate effect. */
  async revoke(claims: TokenClaims): Promise<void> {
    await this.#writes.revokeToken(claims.tokenId, claims.expiresAtMs)
    const target = { targetKind: 'user', targetId: claims.userId }
    this.#report({ event: 'token.revoked', outcome: 'success', ...originMembers(), ...target })
    await this.#store.forgetExpiredRevocations(this.#clock())
  }

  async #checkPassword(name: UserName, password: string, address: string): Promise<User> {
    return this.#passwords.check(await this.#findUser(name), JSON.stringify(name), password, address)
  }

  async #findUser({ id, name, domain }: UserName): Promise<User | undefined> {
    if (id !== undefined) return this.#store.getUser(id)
    const home = await this.#findDomain(domain ?? { name: DEFAULT_NAME })
    return home === undefined || name === undefined ? undefined : this.#store.getUserByName(home.id, name)
  }

  async #findDomain({ id, name }: NameOrId): Promise<Domain | undefined> {
    if (id !== undefined) return this.#store.getDomain(id)
    return name === undefined ? undefined : this.#store.getDomainByName(name)
  }

  /** Resolves the scope that a user requests a token for; undefined when it does not exist in the user's domain. */
  async #findScope(user: User, { project, domain }: ScopeName): Promise<TokenClaims['scope'] | undefined> {
    if (project !== undefined) {
      const isElsewhere = project.domain !== undefined && (await this.#findDomain(project.domain))?.id !== user.domainId
      if (isElsewhere) return undefined
      const found =
        project.id !== undefined
          ? await this.#store.getProject(project.id)
          : await this.#store.getProjectByName(user.domainId, project.name ?? '')
      return found === undefined ? undefined : { kind: 'project', id: found.id }
    }
    const found = domain === undefined ? { id: user.domainId } : await this.#findDomain(domain)
    return found === undefined ? undefined : { kind: 'domain', id: found.id }
  }

  async #claimsOf(token: string, revision: number): Promise<TokenClaims> {
    const signer = await this.#signingKeys.at(revision)
    const cached = this.#claimsOfSigner(signer).get(token)
    if (cached !== undefined && cached.expiresAtMs > this.#clock()) return cached
    // For an expired token, the signer throws the error with the time of expiry.
    this.#claims.delete(token)
    const claims = await signer.read(token)
    this.#claimsOfSigner(signer).set(token, claims)
    return claims
  }

  /** Other keys empty the cache of claims: the key of a token may have been removed. */
  #claimsOfSigner(signer: TokenSigner): BoundedMap<TokenClaims> {
    if (signer !== this.#claimsSigner) this.#claims.clear()
    this.#claimsSigner = signer
    return this.#claims
  }

  async #principalOf(claims: TokenClaims): Promise<Principal | undefined> {
    if (await this.#store.isTokenRevoked(claims.tokenId)) return undefined
    const user = await this.#store.getUser(claims.userId)
    if (!user?.enabled || user.tokenGeneration !== claims.generation) return undefined
    if ((await this.#scopeGeneration(claims.scope)) !== claims.scopeGeneration) return undefined
    return this.principals.of(user, claims.scope)
  }

  /** Disabling a project revokes its tokens for good: enabling it again does not make them valid. */
  async #scopeGeneration({ kind, id }: TokenClaims['scope']): Promise<number | undefined> {
    return kind === 'project' ? (await this.#store.getProject(id))?.tokenGeneration : 0
  }
}

/** The accounts revision before the password check, and the signer at it. */
type Issuing = { readonly revision: number; readonly signer: TokenSigner }

function scopeIdOf(scope: Scope): TokenClaims['scope'] {
  return { kind: scope.kind, id: scope.kind === 'project' ? scope.project.id : scope.domain.id }
}
