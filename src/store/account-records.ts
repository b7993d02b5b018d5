// The records of accounts, and the entries of their log, as `AccountStore` reads and writes them.

/** An isolated realm: users, projects, roles and predefined tags belong to one domain. */
export type Domain = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly enabled: boolean
}

/** Limits of one project. The service's own limit applies where there is none. */
export type ProjectLimits = {
  readonly resourcesMax?: number
  readonly detailBytesMax?: number
  /** 0 for no limit. */
  readonly requestsPerSecondMax?: number
  /** 0 for no limit. */
  readonly requestsInFlightMax?: number
  readonly importsMax?: number
  readonly exportsMax?: number
  readonly dryRunsMax?: number
  /** How long the history is kept; 0 for no limit. */
  readonly historyDays?: number
}

export type Project = {
  readonly id: string
  readonly domainId: string
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  /** Each once, in the order in which they were added. */
  readonly tags: readonly string[]
  /** The limits that an administrator has set. */
  readonly limits: ProjectLimits
  /** A token for the project is valid only while this number is the same as when it was issued. */
  readonly tokenGeneration: number
}

export type User = {
  readonly id: string
  readonly domainId: string
  readonly name: string
  /** Salted hash that names its own parameters, see `iam/password.ts`; empty for a user without a password. */
  readonly passwordHash: string
  readonly enabled: boolean
  readonly description: string
  /** Empty when there is none. */
  readonly email: string
  /** A token is valid only while this number is the same as when it was issued. */
  readonly tokenGeneration: number
  readonly attributes: UserAttributes
}

/** Attributes of a user that the service stores and shows, and that have no effect. Texts are empty when not set. */
export type UserAttributes = {
  readonly accessMode: string
  readonly areaCode: string
  readonly phone: string
  /** The user's id and type in an external system. */
  readonly externalId: string
  readonly externalType: string
  /** True: the user should change its password, which an administrator chose. */
  readonly shouldChangePassword: boolean
}

export const NO_ATTRIBUTES: UserAttributes = {
  accessMode: '',
  areaCode: '',
  phone: '',
  externalId: '',
  externalType: '',
  shouldChangePassword: false,
}

/** A role that a user has in a whole domain, or in one of its projects. */
export type RoleAssignment = {
  readonly userId: string
  readonly scope: 'domain' | 'project'
  readonly scopeId: string
  /** Name of a system role, or id of a custom one. */
  readonly role: string
}

/** The system role that permits everything in its scope. Every domain keeps an unrestricted administrator. */
export const ADMIN_ROLE = 'te_admin'

/** A role that an administrator defined: a policy with a name. */
export type CustomRole = {
  readonly id: string
  readonly domainId: string
  readonly displayName: string
  readonly description: string
  readonly descriptionCn: string
  /** Where the role is listed: `AX` for domains, `XA` for projects. */
  readonly type: 'AX' | 'XA'
  /** Policy document as JSON text. */
  readonly policy: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A pair of keys that signs requests of a user. */
export type AccessKey = {
  readonly accessKey: string
  /** The secret itself, which verifying a signature needs, possibly encrypted (`iam/secret-ring.ts`). */
  readonly secretKey: string
  readonly userId: string
  readonly description: string
  readonly active: boolean
  /** True: an administrator disabled the key, so its user may not enable it. */
  readonly locked: boolean
  readonly createdAtMs: number
}

/** A key that signs tokens, or that did so and still verifies them. */
export type SigningKey = {
  /** Named in the tokens. */
  readonly id: string
  /** As JSON text, possibly encrypted (`iam/secret-ring.ts`). */
  readonly privateKey: string
}

/** The end of a key's use; undefined for the key that signs new tokens. */
export type StoredSigningKey = SigningKey & { readonly verifiesUntilMs: number | undefined }

/** Id of the key of stores from releases with one key, whose tokens name none. */
export const INITIAL_SIGNING_KEY_ID = 'initial'

/** A secret in its stored form, and the form that is to replace it. */
export type SecretReplacement = {
  readonly kind: 'signing-key' | 'access-key'
  /** Id of the signing key, or the access key. */
  readonly id: string
  readonly from: string
  readonly to: string
}

/** The record that a change of accounts concerns. `policy` is a custom role; the id of a tag policy is `<place>/<name>`. */
export type AccountLogTarget = {
  readonly kind: 'domain' | 'user' | 'project' | 'policy' | 'access-key' | 'signing-key' | 'tag-policy'
  readonly id: string
}

/** What the account log keeps of a change. */
export type AccountLogEntry = {
  readonly domainId: string
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number
  /** Id and name of the user who made the change. The id is empty for a command on the store. */
  readonly actorId: string
  readonly actorName: string
  /** IP address of the client. */
  readonly address: string
  /** Id of the HTTP request. */
  readonly requestId: string
  /** Such as `user.created`. */
  readonly event: string
  readonly target: AccountLogTarget
  /** Further facts as JSON text, without secrets. */
  readonly detail: string
}

/** An entry of the account log. */
export type LoggedAccountChange = AccountLogEntry & {
  /** The accounts revision after the change. */
  readonly revision: number
  /** Name of the record before the change, or of the one that was created; of an access key, the name of its user. */
  readonly targetName: string
}
