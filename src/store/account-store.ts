// Each sentence in a comment of the interface below is held by a test of `test/conformance`, on every engine.

export type Domain = { readonly id: string; readonly name: string }

export type Project = {
  readonly id: string
  readonly domainId: string
  readonly name: string
  readonly description: string
  readonly enabled: boolean
}

export type User = {
  readonly id: string
  readonly domainId: string
  readonly name: string
  /** Self-describing salted hash, see `iam/password.ts`; empty for a user who has no password. */
  readonly passwordHash: string
  readonly enabled: boolean
  readonly description: string
  /** Empty if there is none. */
  readonly email: string
  /** Tokens count only as long as this is what it was when they were issued. */
  readonly tokenGeneration: number
}

/** A role that a user has in a whole domain, or in one project of it. */
export type RoleAssignment = {
  readonly userId: string
  readonly scope: 'domain' | 'project'
  readonly scopeId: string
  /** Name of a system role, or id of a custom one. */
  readonly role: string
}

/** The system role that may do everything in its scope. Every domain keeps an unrestricted administrator. */
export const ADMIN_ROLE = 'te_admin'

/** A role that an administrator made: a policy with a name. */
export type CustomRole = {
  readonly id: string
  readonly domainId: string
  readonly displayName: string
  readonly description: string
  readonly descriptionCn: string
  /** Where it is shown: `AX` among the roles of domains, `XA` among those of projects. */
  readonly type: 'AX' | 'XA'
  /** Policy document as JSON text. */
  readonly policy: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A pair of keys that signs requests for a user. */
export type AccessKey = {
  readonly accessKey: string
  /** As it is, because a signature can only be checked with the secret itself. */
  readonly secretKey: string
  readonly userId: string
  readonly description: string
  readonly active: boolean
  /** An administrator switched it off, so its user may not switch it on again. */
  readonly locked: boolean
  readonly createdAtMs: number
}

/** Who changes an access key: the user it belongs to, or whoever manages users. */
export type KeyChanger = 'user' | 'administrator'

/** What may change about a record; what is undefined stays as it is. */
export type UserChanges = Partial<Pick<User, 'name' | 'passwordHash' | 'enabled' | 'description' | 'email'>>
export type ProjectChanges = Partial<Pick<Project, 'name' | 'description' | 'enabled'>>
export type CustomRoleChanges = Partial<Pick<CustomRole, 'displayName' | 'description' | 'descriptionCn' | 'type'>> &
  Partial<Pick<CustomRole, 'policy'>> &
  Pick<CustomRole, 'updatedAtMs'>
export type AccessKeyChanges = Partial<Pick<AccessKey, 'description' | 'active'>>

/**
 * What became of a change: done; or left undone, because there is no such record, because another has the name, because
 * it would leave a domain without an unrestricted administrator, because something hangs on the record, because the number
 * allowed is reached, because the record is no longer what the change started from, or because an administrator has
 * the last word about it.
 */
export type AccountVerdict = 'done' | 'absent' | 'taken' | 'last-admin' | 'in-use' | 'full' | 'stale' | 'locked'

/** What the very first start of a service writes. */
export type InitialAccounts = {
  readonly domain: Domain
  readonly project: Project
  readonly user: User
  readonly assignment: RoleAssignment
  /** Private key for tokens, as JSON text. */
  readonly signingKey: string
}

/** Who there is, and which tokens no longer count. */
export interface AccountStore {
  /** Gives a number that rises with every committed change of accounts, revocations included. */
  getAccountsRevision(): Promise<number>

  /**
   * Writes the founding records if no domain exists yet, and says whether it did.
   * Of two concurrent calls exactly one does.
   */
  createInitialAccounts(accounts: InitialAccounts): Promise<boolean>

  /** Gives the private key for tokens; undefined before the founding. */
  getSigningKey(): Promise<string | undefined>

  /** Each gives the record, or undefined when there is none. Names compare exactly. */
  getDomain(id: string): Promise<Domain | undefined>
  getDomainByName(name: string): Promise<Domain | undefined>
  getProject(id: string): Promise<Project | undefined>
  getProjectByName(domainId: string, name: string): Promise<Project | undefined>
  getUser(id: string): Promise<User | undefined>
  getUserByName(domainId: string, name: string): Promise<User | undefined>

  /** Gives the projects of a domain in order of their names by code point. */
  listProjects(domainId: string): Promise<readonly Project[]>

  /** Gives the users of a domain in order of their names by code point. */
  listUsers(domainId: string): Promise<readonly User[]>

  /** Gives the roles that a user has, in any scope. */
  listAssignments(userId: string): Promise<readonly RoleAssignment[]>

  /** Gives a custom role by its id, undefined when there is none. */
  getRole(id: string): Promise<CustomRole | undefined>

  /** Gives the custom roles of a domain in order of their display names by code point. */
  listRoles(domainId: string): Promise<readonly CustomRole[]>

  /** Says how many assignments there are of a role. */
  countAssignments(role: string): Promise<number>

  /** Gives an access key, undefined when there is none. */
  getAccessKey(accessKey: string): Promise<AccessKey | undefined>

  /** Gives the access keys of a user, oldest first. */
  listAccessKeys(userId: string): Promise<readonly AccessKey[]>

  /**
   * Adds a project unless its domain has one of that name, and gives the one that is there afterwards.
   * Two concurrent calls with one name give the same project.
   */
  ensureProject(project: Project): Promise<Project>

  /** Adds a project; `taken` when its domain has one of that name. */
  createProject(project: Project): Promise<AccountVerdict>

  /** Changes a project; `absent`, and `taken` when its domain has another of that name. */
  updateProject(id: string, changes: ProjectChanges): Promise<AccountVerdict>

  /**
   * Deletes a project with the roles that users have in it, and what others share with it; `absent`, and `in-use` while
   * it has resources.
   */
  deleteProject(id: string): Promise<AccountVerdict>

  /** Adds a user; `taken` when its domain has one of that name. */
  createUser(user: User): Promise<AccountVerdict>

  /**
   * Changes a user; `absent`, `taken` when its domain has another of that name, and `last-admin` when it would disable
   * the last unrestricted administrator of its domain. A new password and being disabled raise the generation of its tokens.
   * `stale` when a generation is given and its tokens are of another by now.
   */
  updateUser(id: string, changes: UserChanges, tokenGeneration?: number): Promise<AccountVerdict>

  /**
   * Deletes a user with its roles and access keys; `absent`, and `last-admin` for its domain's last unrestricted
   * administrator.
   */
  deleteUser(id: string): Promise<AccountVerdict>

  /**
   * Gives a user a role, and does nothing when it has it; `absent` when there is no such user, project or domain.
   * `last-admin` when a custom role would go to the last unrestricted administrator of the domain: it may hold a Deny. `full`
   * when a custom role would go to a user who has as many as given in that scope already; without a number there is no
   * end.
   *
   * An unrestricted administrator is an enabled user with a password that has `te_admin` and no custom role in the whole of its
   * own domain.
   */
  addAssignment(assignment: RoleAssignment, customRolesMax?: number): Promise<AccountVerdict>

  /** Takes a role away; `absent`, and `last-admin` when it is that of the domain's last unrestricted administrator. */
  removeAssignment(assignment: RoleAssignment): Promise<AccountVerdict>

  /** Adds a custom role; `taken` when its domain has one of that display name. */
  createRole(role: CustomRole): Promise<AccountVerdict>

  /** Changes a custom role; `absent`, and `taken` when its domain has another of that display name. */
  updateRole(id: string, changes: CustomRoleChanges): Promise<AccountVerdict>

  /** Deletes a custom role; `absent`, and `in-use` while somebody has it. */
  deleteRole(id: string): Promise<AccountVerdict>

  /** Adds an access key; `absent` when there is no such user, `full` when it has as many as given already. */
  createAccessKey(key: AccessKey, keysPerUserMax: number): Promise<AccountVerdict>

  /**
   * Changes an access key; `absent`. One that an administrator switches off is locked until an administrator switches it
   * on; `locked` when its user tries.
   */
  updateAccessKey(accessKey: string, changes: AccessKeyChanges, by: KeyChanger): Promise<AccountVerdict>

  /** Deletes an access key; `absent`. */
  deleteAccessKey(accessKey: string): Promise<AccountVerdict>

  /** Marks a token as revoked until it would have expired anyway; marking it again changes nothing. */
  revokeToken(tokenId: string, expiresAtMs: number): Promise<void>

  /** Says whether a token is marked as revoked. */
  isTokenRevoked(tokenId: string): Promise<boolean>

  /** Forgets revocations of tokens that expired before a moment. */
  forgetExpiredRevocations(beforeMs: number): Promise<void>
}
