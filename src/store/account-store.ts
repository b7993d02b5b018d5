import type {
  AccessKey,
  AccountLogEntry,
  CustomRole,
  Domain,
  LoggedAccountChange,
  Project,
  RoleAssignment,
  SecretReplacement,
  SigningKey,
  StoredSigningKey,
  User,
  UserAttributes,
} from './account-records.ts'
import type { DamagedRow } from './damaged-row.ts'
import type { TagPolicyStore } from './tag-policy-store.ts'

// A test in `test/conformance` checks each sentence of the interface below on every engine.

/** Who changes an access key: its user, or an administrator. */
export type KeyChanger = 'user' | 'administrator'

/** The members of a record that may change. A member that is undefined stays unchanged. */
export type UserChanges = Partial<Pick<User, 'name' | 'passwordHash' | 'enabled' | 'description' | 'email'>> & {
  readonly attributes?: Partial<UserAttributes>
}
export type DomainChanges = Partial<Pick<Domain, 'name' | 'description' | 'enabled'>>
export type ProjectChanges = Partial<Pick<Project, 'name' | 'description' | 'enabled' | 'tags' | 'limits'>>
export type CustomRoleChanges = Partial<Pick<CustomRole, 'displayName' | 'description' | 'descriptionCn' | 'type'>> &
  Partial<Pick<CustomRole, 'policy'>> &
  Pick<CustomRole, 'updatedAtMs'>
export type AccessKeyChanges = Partial<Pick<AccessKey, 'description' | 'active'>>

/** The outcome of a change. Every verdict but `done` means that nothing changed. */
export type AccountVerdict =
  | 'done'
  /** There is no such record. */
  | 'absent'
  /** Another record has the name. */
  | 'taken'
  /** The change would leave a domain without an unrestricted administrator. */
  | 'last-admin'
  /** Other records reference the record. */
  | 'in-use'
  /** The quota is reached. */
  | 'full'
  /** The optimistic lock failed: the record has changed since the caller read it. */
  | 'stale'
  /** An administrator disabled the record, and only an administrator may enable it. */
  | 'locked'

/** The writes that the account log keeps. */
export type LoggedAccountWrites = Pick<
  AccountStore,
  | 'createDomain'
  | 'updateDomain'
  | 'deleteDomain'
  | 'ensureProject'
  | 'createProject'
  | 'updateProject'
  | 'addProjectTag'
  | 'removeProjectTag'
  | 'deleteProject'
  | 'createUser'
  | 'updateUser'
  | 'deleteUser'
  | 'addAssignment'
  | 'removeAssignment'
  | 'createRole'
  | 'updateRole'
  | 'deleteRole'
  | 'createAccessKey'
  | 'updateAccessKey'
  | 'deleteAccessKey'
  | 'rotateSigningKey'
  | 'putTagPolicy'
  | 'deleteTagPolicy'
>

/** The records that the first start of a service writes. */
export type InitialAccounts = NewDomain &
  DomainAdministrator & {
    readonly signingKey: SigningKey
    /** An access key of the administrator. */
    readonly accessKey?: AccessKey
  }

/** A domain with its first project, and its administrator if it has one from the beginning. */
export type NewDomain = { readonly domain: Domain; readonly project: Project } & Partial<DomainAdministrator>

/** A user with the role in its domain that makes it the administrator. */
export type DomainAdministrator = { readonly user: User; readonly assignment: RoleAssignment }

/** Accounts, and the tokens that are revoked. */
export interface AccountStore extends TagPolicyStore {
  /** Returns a number that rises with every committed change of accounts, revocations included. */
  getAccountsRevision(): Promise<number>

  /**
   * Writes the initial records if no domain exists yet, and returns whether it did. They may have an access key of the
   * administrator.
   * Of two concurrent calls exactly one writes them.
   */
  createInitialAccounts(accounts: InitialAccounts): Promise<boolean>

  /**
   * Returns the keys for tokens, ordered by id; none before the initial records are written. Exactly one of them signs.
   */
  listSigningKeys(): Promise<readonly StoredSigningKey[]>

  /**
   * Makes a new key the one that signs. The former one verifies until a moment, and no older one longer; keys whose end is
   * not after `nowMs` are deleted.
   */
  rotateSigningKey(key: SigningKey, verifiesUntilMs: number, nowMs: number): Promise<void>

  /** Returns the access keys of all users with their secrets in the stored form, ordered by key. */
  listAccessKeySecrets(): Promise<readonly Pick<AccessKey, 'accessKey' | 'secretKey'>[]>

  /**
   * Replaces the stored form of secrets, all in one change, and returns how many it replaced. A secret that is no longer
   * stored in the given form stays unchanged.
   */
  replaceSecrets(replacements: readonly SecretReplacement[]): Promise<number>

  /**
   * Each returns the record, or undefined when there is none. Names compare exactly. These, `getRole` and every write that
   * reads the record reject with `internal` when the row is damaged; lists leave such rows out.
   */
  getDomain(id: string): Promise<Domain | undefined>
  getDomainByName(name: string): Promise<Domain | undefined>
  getProject(id: string): Promise<Project | undefined>
  getProjectByName(domainId: string, name: string): Promise<Project | undefined>
  getUser(id: string): Promise<User | undefined>
  getUserByName(domainId: string, name: string): Promise<User | undefined>

  /** Returns the damaged rows of projects, users, custom roles and the account log. */
  findDamagedAccounts(): Promise<readonly DamagedRow[]>

  /** Returns all domains in order of their names by code point. */
  listDomains(): Promise<readonly Domain[]>

  /** Returns the projects of a domain in order of their names by code point. */
  listProjects(domainId: string): Promise<readonly Project[]>

  /** Returns the users of a domain in order of their names by code point. */
  listUsers(domainId: string): Promise<readonly User[]>

  /** Returns the roles that a user has, in any scope. */
  listAssignments(userId: string): Promise<readonly RoleAssignment[]>

  /** Returns a custom role by its id, undefined when there is none. */
  getRole(id: string): Promise<CustomRole | undefined>

  /** Returns the custom roles of a domain in order of their display names by code point. */
  listRoles(domainId: string): Promise<readonly CustomRole[]>

  /** Returns the number of assignments of a role. */
  countAssignments(role: string): Promise<number>

  /** Returns an access key, undefined when there is none. */
  getAccessKey(accessKey: string): Promise<AccessKey | undefined>

  /** Returns the access keys of a user, oldest first. */
  listAccessKeys(userId: string): Promise<readonly AccessKey[]>

  /** Adds a domain with its first project, and an administrator if one is given; `taken` when there is one of that name. */
  createDomain(accounts: NewDomain): Promise<AccountVerdict>

  /**
   * Changes a domain, and adds an administrator if one is given; `absent`, `taken` when there is another domain or user of
   * that name, and `full` when the domain has an unrestricted administrator already. Disabling a domain raises the token
   * generations of its users.
   */
  updateDomain(id: string, changes: DomainChanges, administrator?: DomainAdministrator): Promise<AccountVerdict>

  /**
   * Deletes a domain with its projects, users, roles, access keys and predefined tags; `absent`, and `in-use` while a
   * project of it has resources.
   */
  deleteDomain(id: string): Promise<AccountVerdict>

  /**
   * Adds a project unless its domain has one of that name, and returns the project of that name; `full` when it would be
   * added to a domain with `projectsMax` projects. Two concurrent calls with one name return the same project.
   */
  ensureProject(project: Project, projectsMax?: number): Promise<Project | 'full'>

  /**
   * Adds a project; `taken` when its domain has one of that name, and `full` when the domain has `projectsMax` projects.
   * Without that argument there is no limit.
   */
  createProject(project: Project, projectsMax?: number): Promise<AccountVerdict>

  /**
   * Changes a project; `absent`, and `taken` when its domain has another of that name. Disabling the project raises its
   * token generation.
   */
  updateProject(id: string, changes: ProjectChanges): Promise<AccountVerdict>

  /**
   * Adds a tag to a project after its others; `done` also when the project has it already, `absent` when there is no such
   * project, `full` when it has `tagsMax` other tags.
   */
  addProjectTag(id: string, tag: string, tagsMax: number): Promise<AccountVerdict>

  /** Removes a tag from a project; `absent` when there is no such project, or it does not have the tag. */
  removeProjectTag(id: string, tag: string): Promise<AccountVerdict>

  /**
   * Deletes a project, the roles that users have in it, and its memberships of images; `absent`, and `in-use` while it
   * has resources.
   */
  deleteProject(id: string): Promise<AccountVerdict>

  /**
   * Adds a user; `taken` when its domain has one of that name, and `full` when the domain has `usersMax` users. Without
   * that argument there is no limit.
   */
  createUser(user: User, usersMax?: number): Promise<AccountVerdict>

  /**
   * Changes a user; `absent`, `taken` when its domain has another of that name, and `last-admin` when the change would
   * disable the last unrestricted administrator of its domain.
   * Setting a password and disabling the user raise the token generation.
   * Attributes that are not given keep their values.
   * `stale` when `tokenGeneration` is given and is not the current generation.
   */
  updateUser(id: string, changes: UserChanges, tokenGeneration?: number): Promise<AccountVerdict>

  /**
   * Deletes a user, its roles and its access keys; `absent`, and `last-admin` for the last unrestricted administrator
   * of its domain.
   */
  deleteUser(id: string): Promise<AccountVerdict>

  /**
   * Assigns a role to a user; `done` also when the user has it already, `absent` when there is no such user, project
   * or domain.
   * `last-admin` when the last unrestricted administrator of the domain would get a custom role, which may contain a
   * Deny.
   * `full` when the user would have more than `customRolesMax` custom roles in the scope; without that argument there
   * is no limit.
   *
   * An unrestricted administrator is an enabled user with a password who has, in the whole of its own domain, the role
   * `te_admin` and no custom role.
   */
  addAssignment(assignment: RoleAssignment, customRolesMax?: number): Promise<AccountVerdict>

  /**
   * Removes a role from a user; `absent`, and `last-admin` for `te_admin` of the last unrestricted administrator of a
   * domain.
   */
  removeAssignment(assignment: RoleAssignment): Promise<AccountVerdict>

  /** Adds a custom role; `taken` when its domain has one of that display name. */
  createRole(role: CustomRole): Promise<AccountVerdict>

  /** Changes a custom role; `absent`, and `taken` when its domain has another of that display name. */
  updateRole(id: string, changes: CustomRoleChanges): Promise<AccountVerdict>

  /** Deletes a custom role; `absent`, and `in-use` while it is assigned to a user. */
  deleteRole(id: string): Promise<AccountVerdict>

  /** Adds an access key; `absent` when there is no such user, `full` when it has `keysPerUserMax` keys already. */
  createAccessKey(key: AccessKey, keysPerUserMax: number): Promise<AccountVerdict>

  /**
   * Changes an access key; `absent`. A key that an administrator disables is locked until an administrator enables it;
   * `locked` when its user tries to enable it.
   */
  updateAccessKey(accessKey: string, changes: AccessKeyChanges, by: KeyChanger): Promise<AccountVerdict>

  /** Deletes an access key; `absent`. */
  deleteAccessKey(accessKey: string): Promise<AccountVerdict>

  /**
   * Returns writes that append an entry to the account log, in the transaction of the change.
   * A write that changes nothing appends none.
   */
  logged(entry: AccountLogEntry): LoggedAccountWrites

  /** Returns up to `limit` entries of the account log of a domain below the revision `before`, newest first. */
  listAccountLog(domainId: string, limit: number, before?: number): Promise<readonly LoggedAccountChange[]>

  /**
   * Deletes, of the oldest `limit` entries of the account log of all domains, those from before a moment. Returns how many
   * it deleted.
   */
  forgetAccountLog(beforeMs: number, limit: number): Promise<number>

  /** Revokes a token until its expiry; revoking it again changes nothing. */
  revokeToken(tokenId: string, expiresAtMs: number): Promise<void>

  /** Returns whether a token is revoked. */
  isTokenRevoked(tokenId: string): Promise<boolean>

  /** Deletes the revocations of tokens that expired before a moment. */
  forgetExpiredRevocations(beforeMs: number): Promise<void>
}
