import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import type { AccountStore, Domain, Project, RoleAssignment, User } from '../store/store.ts'
import { ADMIN_ROLE } from './authorize.ts'
import { LoginGate } from './login-gate.ts'
import { decoyHash, hashPassword, type PasswordCost, verifyPassword } from './password.ts'
import type { Principal, Scope } from './principal.ts'
import { digestOf, makeSigningKey, type TokenClaims, TokenSigner } from './token.ts'

export type { Project } from '../store/store.ts'

/** How a caller names a user: by id, or by name within a domain (`default` if none is named). */
export type UserName = { readonly id?: string; readonly name?: string; readonly domain?: NameOrId }

export type NameOrId = { readonly id?: string; readonly name?: string }

/** What a caller wants a token for; neither means the user's domain, both mean the project. */
export type ScopeName = { readonly project?: NameOrId; readonly domain?: NameOrId }

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
/** Sessions kept between requests. */
const SESSIONS_MAX = 10_000

type CachedSession = Session & { readonly accountsRevision: number }

/**
 * Makes domain `default`, project `default` and user `admin` unless accounts exist. Gives the password it had to make
 * up; undefined when one was given or nothing was made. It is kept nowhere else.
 */
export async function foundAccounts(
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

/** Users, projects and their tokens. */
export class Accounts {
  readonly #options: AccountsOptions
  readonly #signer: TokenSigner
  /** So that an unknown user costs as much time as a known one. */
  readonly #decoyHash: string
  readonly #sessions = new Map<string, CachedSession>()
  readonly #gate = new LoginGate()

  private constructor(options: AccountsOptions, signer: TokenSigner) {
    this.#options = options
    this.#signer = signer
    this.#decoyHash = decoyHash(options.passwordCost)
  }

  /** Opens accounts that were founded. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const key = await options.store.getSigningKey()
    if (key === undefined) throw new Error('the store holds no accounts: they must be founded first')
    await options.store.forgetExpiredRevocations(options.clock())
    return new Accounts(options, await TokenSigner.open(key, options.clock))
  }

  /**
   * Gives a token for a user who knows the password. Throws `credentials-wrong`, the same for an unknown user;
   * `scope-forbidden` when the user has no role there, the same when there is no such place; `overloaded`. `address` is
   * where the caller is, for whom others must not have to wait too long.
   */
  async logIn(
    name: UserName,
    password: string,
    scopeName: ScopeName,
    address = '',
  ): Promise<Session & { readonly token: string }> {
    const accountsRevision = await this.#options.store.getAccountsRevision()
    const user = await this.#checkPassword(await this.#findUser(name), password, address)
    const scope = await this.#findScope(user, scopeName)
    const principal = scope === undefined ? undefined : await this.#principal(user, scope)
    if (principal === undefined) throw new DomainError('scope-forbidden')
    const { kind } = principal.scope
    const id = principal.scope.kind === 'project' ? principal.scope.project.id : principal.scope.domain.id
    const subject = { userId: user.id, scope: { kind, id }, methods: [PASSWORD_METHOD] }
    const { token, claims } = await this.#signer.issue(subject, this.#options.tokenTtlSeconds)
    // Known from the start; what has changed about accounts since the check began is looked at when it is first used.
    this.#remember(digestOf(token), { principal, claims, accountsRevision })
    return { token, principal, claims }
  }

  /**
   * Gives whom a token belongs to. The signature is checked once; after that only what may have changed is: time, and
   * accounts since the last check. Throws `token-unreadable`, `token-expired`, `token-revoked`.
   */
  async authenticate(token: string): Promise<Session> {
    const digest = digestOf(token)
    const accountsRevision = await this.#options.store.getAccountsRevision()
    const known = this.#sessions.get(digest)
    // The signer says in full what is wrong with an expired token.
    const isCurrent = known !== undefined && known.claims.expiresAtMs > this.#options.clock()
    if (isCurrent && known.accountsRevision === accountsRevision) return known
    const claims = isCurrent ? known.claims : await this.#signer.read(token)
    this.#sessions.delete(digest)
    const principal = await this.#principalOf(claims)
    if (principal === undefined) throw new DomainError('token-revoked')
    const session = { principal, claims, accountsRevision }
    this.#remember(digest, session)
    return session
  }

  #remember(digest: string, session: CachedSession): void {
    this.#sessions.set(digest, session)
    if (this.#sessions.size > SESSIONS_MAX) this.#sessions.delete(this.#sessions.keys().next().value as string)
  }

  /** Makes a token worthless from now on. */
  async revoke(claims: TokenClaims): Promise<void> {
    const { store, clock } = this.#options
    await store.revokeToken(claims.tokenId, claims.expiresAtMs)
    await store.forgetExpiredRevocations(clock())
  }

  /** Gives the projects that a user may take a token for, by name. */
  async projectsOf(principal: Principal): Promise<readonly Project[]> {
    const { user } = principal
    const assignments = await this.#options.store.listAssignments(user.id)
    const projects = await this.#options.store.listProjects(user.domain.id)
    return projects.filter((project) => project.enabled && rolesIn(assignments, projectScope(project)).length > 0)
  }

  /** Gives the project of a name in a domain, making it if it is missing. */
  async ensureProject(domainId: string, name: string): Promise<Project> {
    const known = await this.#options.store.getProjectByName(domainId, name)
    return known ?? this.#options.store.ensureProject(newProject(domainId, name))
  }

  /** Gives the project of a domain that has a name or an id; undefined when there is none. */
  async findProject(domainId: string, nameOrId: string): Promise<Project | undefined> {
    const { store } = this.#options
    const byId = await store.getProject(nameOrId)
    return byId?.domainId === domainId ? byId : store.getProjectByName(domainId, nameOrId)
  }

  async #checkPassword(user: User | undefined, password: string, address: string): Promise<User> {
    const hash = user?.passwordHash ?? this.#decoyHash
    const fits = await this.#gate.pass(address, () => verifyPassword(password, hash))
    if (!fits || user === undefined || !user.enabled) throw new DomainError('credentials-wrong')
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
      const found =
        project.id !== undefined
          ? await store.getProject(project.id)
          : await store.getProjectByName(user.domainId, project.name ?? '')
      return found === undefined ? undefined : { kind: 'project', id: found.id }
    }
    const found = domain === undefined ? { id: user.domainId } : await this.#findDomain(domain)
    return found === undefined ? undefined : { kind: 'domain', id: found.id }
  }

  async #principalOf(claims: TokenClaims): Promise<Principal | undefined> {
    if (await this.#options.store.isTokenRevoked(claims.tokenId)) return undefined
    const user = await this.#options.store.getUser(claims.userId)
    return user?.enabled ? this.#principal(user, claims.scope) : undefined
  }

  /** Gives what a user is in a scope; undefined when it is nobody there, or the scope is not there (any more). */
  async #principal(user: User, wanted: TokenClaims['scope']): Promise<Principal | undefined> {
    const { store } = this.#options
    const project = wanted.kind === 'project' ? await store.getProject(wanted.id) : undefined
    if (wanted.kind === 'project' && !project?.enabled) return undefined
    const domain = await store.getDomain(project?.domainId ?? wanted.id)
    const home = await store.getDomain(user.domainId)
    if (domain === undefined || home === undefined) return undefined
    const roles = rolesIn(
      await store.listAssignments(user.id),
      project === undefined ? { projectId: undefined, domainId: domain.id } : projectScope(project),
    )
    if (roles.length === 0) return undefined
    const scope: Scope =
      project === undefined
        ? { kind: 'domain', domain }
        : { kind: 'project', project: { id: project.id, name: project.name }, domain }
    return { user: { id: user.id, name: user.name, domain: home }, scope, roles }
  }
}

type Place = { readonly projectId: string | undefined; readonly domainId: string }

function projectScope(project: Project): Place {
  return { projectId: project.id, domainId: project.domainId }
}

/** The roles that count in a place: those in the project itself, and those in its whole domain. */
function rolesIn(assignments: readonly RoleAssignment[], place: Place): string[] {
  const counting = assignments.filter(({ scope, scopeId }) =>
    scope === 'project' ? scopeId === place.projectId : scopeId === place.domainId,
  )
  return [...new Set(counting.map(({ role }) => role))]
}

function newProject(domainId: string, name: string): Project {
  return { id: newId(), domainId, name, description: '', enabled: true }
}

/** 32 hexadecimal digits, the form of ids of this API family. */
function newId(): string {
  return randomUUID().replaceAll('-', '')
}
