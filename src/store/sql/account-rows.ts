import {
  type AccessKey,
  type CustomRole,
  type Domain,
  NO_ATTRIBUTES,
  type Project,
  type ProjectLimits,
  type RoleAssignment,
  type StoredSigningKey,
  type User,
} from '../account-records.ts'
import { DamagedRow } from '../damaged-row.ts'
import type { Row, SqlValue } from './sql.ts'

/** Reads the parts of a row that may be damaged. Throws a DamagedRow that names it. */
export function ofRow<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new DamagedRow(name, undefined, error)
  }
}

/** Returns the JSON object of a text. Throws for any other text. */
export function readObject(text: string): object {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is not a JSON object')
  return value
}

function readTexts(text: string): readonly string[] {
  const value: unknown = JSON.parse(text)
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new Error('it is no list of texts')
  return value
}

export function toDomain(row: Row): Domain {
  const { domain_id, name, description, enabled } = row
  return { id: String(domain_id), name: String(name), description: String(description), enabled: Number(enabled) === 1 }
}

export function toSigningKey(row: Row): StoredSigningKey {
  const { key_id, private_key, verifies_until_ms } = row
  const verifiesUntilMs = verifies_until_ms === null ? undefined : Number(verifies_until_ms)
  return { id: String(key_id), privateKey: String(private_key), verifiesUntilMs }
}

/** The stored form of an encrypted secret. */
const SEALED = /^aes-256-gcm(\$[\w-]+){3}$/

/** Throws for a row whose key can be neither clear nor encrypted. */
export function checkSigningKey(row: Row): void {
  ofRow(`signing key ${row.key_id}`, () => {
    const text = String(row.private_key)
    if (SEALED.test(text)) return
    const members = readObject(text) as Readonly<Record<string, unknown>>
    const missing = ['kty', 'crv', 'x', 'd'].find((name) => typeof members[name] !== 'string')
    if (missing !== undefined) throw new Error(`its key has no member ${missing}`)
  })
}

export function toProject(row: Row): Project {
  return {
    id: String(row.project_id),
    domainId: String(row.domain_id),
    name: String(row.name),
    description: String(row.description),
    enabled: Number(row.enabled) === 1,
    ...ofRow(`project ${row.project_id}`, () => ({
      tags: readTexts(String(row.tags)),
      limits: readObject(String(row.limits)) as ProjectLimits,
    })),
    tokenGeneration: Number(row.token_generation),
  }
}

/** The row of a project. */
export function projectRow(project: Project) {
  return {
    project_id: project.id,
    domain_id: project.domainId,
    name: project.name,
    description: project.description,
    enabled: project.enabled,
    tags: JSON.stringify(project.tags),
    limits: JSON.stringify(project.limits),
    token_generation: project.tokenGeneration,
  }
}

export function toUser(row: Row): User {
  return {
    id: String(row.user_id),
    domainId: String(row.domain_id),
    name: String(row.name),
    passwordHash: String(row.password_hash),
    enabled: Number(row.enabled) === 1,
    description: String(row.description),
    email: String(row.email),
    tokenGeneration: Number(row.token_generation),
    attributes: {
      ...NO_ATTRIBUTES,
      ...ofRow(`user ${row.user_id}`, () => readObject(String(row.attributes))),
    },
  }
}

/** The row of a user. */
export function userRow(user: User) {
  return {
    user_id: user.id,
    domain_id: user.domainId,
    name: user.name,
    password_hash: user.passwordHash,
    enabled: user.enabled,
    description: user.description,
    email: user.email,
    token_generation: user.tokenGeneration,
    attributes: JSON.stringify(user.attributes),
  }
}

export function toAssignment(row: Row): RoleAssignment {
  return {
    userId: String(row.user_id),
    scope: row.scope as RoleAssignment['scope'],
    scopeId: String(row.scope_id),
    role: String(row.role),
  }
}

export function toCustomRole(row: Row): CustomRole {
  return {
    id: String(row.role_id),
    domainId: String(row.domain_id),
    displayName: String(row.display_name),
    description: String(row.description),
    descriptionCn: String(row.description_cn),
    type: row.type as CustomRole['type'],
    policy: ofRow(`policy ${row.role_id}`, () => {
      readObject(String(row.policy))
      return String(row.policy)
    }),
    createdAtMs: Number(row.created_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
  }
}

export function toAccessKey(row: Row): AccessKey {
  return {
    accessKey: String(row.access_key),
    secretKey: String(row.secret_key),
    userId: String(row.user_id),
    description: String(row.description),
    active: Number(row.active) === 1,
    locked: Number(row.locked) === 1,
    createdAtMs: Number(row.created_at_ms),
  }
}

/** The columns of an access key. */
export function accessKeyRow(key: AccessKey): Readonly<Record<string, SqlValue | boolean>> {
  const { accessKey, secretKey, userId, description, active, locked, createdAtMs } = key
  return {
    access_key: accessKey,
    secret_key: secretKey,
    user_id: userId,
    description,
    active,
    locked,
    created_at_ms: createdAtMs,
  }
}
