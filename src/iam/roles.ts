import type { Clock } from '../core/clock.ts'
import { DomainError, invalid } from '../core/errors.ts'
import { ADMIN_ROLE, type CustomRole, type RoleAssignment } from '../store/account-records.ts'
import type { CustomRoleChanges } from '../store/account-store.ts'
import { throwUnlessDone } from './account-verdict.ts'
import { newId } from './new-id.ts'
import { notFound } from './not-found.ts'
import type { PolicyDocument } from './policy.ts'
import type { AccountReads, AccountWrites } from './write-limit.ts'

/** A role as clients see it: a system role or a custom role. */
export type RoleView = {
  readonly id: string
  /** Name in tokens. */
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly descriptionCn: string
  readonly catalog: string
  /** Where it can be assigned: `AA` in domains and projects, `AX` in domains, `XA` in projects. */
  readonly type: 'AA' | 'AX' | 'XA'
  readonly policy: PolicyDocument
  /** Undefined for system roles. */
  readonly custom: { readonly domainId: string; readonly createdAtMs: number; readonly updatedAtMs: number } | undefined
}

/** The properties of a custom role that an administrator sets. */
export type RoleInput = Pick<CustomRole, 'displayName' | 'description' | 'descriptionCn' | 'type'> & {
  readonly policy: PolicyDocument
}

/** A domain or project in which a user has roles. */
export type RoleScope = Pick<RoleAssignment, 'scope' | 'scopeId'>

/** A role of a user in a scope. */
export type AssignedRole = { readonly userId: string; readonly role: RoleView; readonly scope: RoleScope }

const systemRole = (
  id: string,
  name: string,
  displayName: string,
  description: string,
  actions: readonly string[],
) => ({
  id,
  name,
  displayName,
  description,
  descriptionCn: '',
  catalog: 'BASE',
  type: 'AA' as const,
  policy: { Version: '1.0', Statement: [{ Effect: 'Allow', Action: actions }] } satisfies PolicyDocument,
  custom: undefined,
})

/** The system roles. Their ids are the same in every installation. */
export const SYSTEM_ROLES: readonly RoleView[] = [
  systemRole(
    'b3a1c5d0e64f4c0f9a7d2e8f10000001',
    ADMIN_ROLE,
    'Tenant Administrator',
    'May do everything in its scope.',
    ['*:*:*'],
  ),
  systemRole('b3a1c5d0e64f4c0f9a7d2e8f10000002', 'readonly', 'Tenant Guest', 'May see everything in its scope.', [
    '*:*:get*',
    '*:*:list*',
  ]),
]

/** Custom roles of a user per scope, limited because every request evaluates all of them. Own choice. */
const CUSTOM_ROLES_PER_SCOPE_MAX = 20

/** Manages the roles of a domain and their assignments. */
export class Roles {
  readonly #store: AccountReads
  readonly #writes: AccountWrites
  readonly #clock: Clock

  constructor(store: AccountReads, writes: AccountWrites, clock: Clock) {
    this.#store = store
    this.#writes = writes
    this.#clock = clock
  }

  /** Lists the custom roles of a domain, ordered by display name. */
  async listCustom(domainId: string): Promise<readonly RoleView[]> {
    return (await this.#store.listRoles(domainId)).map(toView)
  }

  /** Gives a system role, or a custom role of a domain. Throws `resource-not-found`. */
  async get(domainId: string, id: string): Promise<RoleView> {
    return SYSTEM_ROLES.find((role) => role.id === id) ?? (await this.getCustom(domainId, id))
  }

  /** Gives a custom role of a domain. Throws `resource-not-found`. */
  async getCustom(domainId: string, id: string): Promise<RoleView> {
    const role = await this.#store.getRole(id)
    if (role === undefined || role.domainId !== domainId) throw roleNotFound(id)
    return toView(role)
  }

  /** Counts the assignments of a custom role. */
  references(id: string): Promise<number> {
    return this.#store.countAssignments(id)
  }

  /** Creates a custom role. Throws `name-taken`. */
  async create(domainId: string, input: RoleInput): Promise<RoleView> {
    const now = this.#clock()
    const policy = JSON.stringify(input.policy)
    const role = { ...input, id: newId(), domainId, policy, createdAtMs: now, updatedAtMs: now }
    throwUnlessDone(await this.#writes.createRole(role), { taken: displayNameTaken(input.displayName) })
    return toView(role)
  }

  /** Updates a custom role; undefined members do not change. Throws `resource-not-found`, `name-taken`. */
  async update(domainId: string, id: string, { policy, ...changes }: Partial<RoleInput>): Promise<RoleView> {
    await this.getCustom(domainId, id)
    const all: CustomRoleChanges = {
      ...changes,
      ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }),
      updatedAtMs: this.#clock(),
    }
    throwUnlessDone(await this.#writes.updateRole(id, all), {
      absent: roleNotFound(id),
      taken: displayNameTaken(changes.displayName ?? ''),
    })
    return this.getCustom(domainId, id)
  }

  /** Deletes a custom role. Throws `resource-not-found`, and `role-in-use` while it is assigned. */
  async remove(domainId: string, id: string): Promise<void> {
    await this.getCustom(domainId, id)
    throwUnlessDone(await this.#writes.deleteRole(id), { absent: roleNotFound(id) })
  }

  /** Lists the roles that a user has directly in a scope, ordered by name. */
  async listInScope(userId: string, { scope, scopeId }: RoleScope): Promise<readonly RoleView[]> {
    return (await this.listAssigned(userId))
      .filter((assigned) => assigned.scope.scope === scope && assigned.scope.scopeId === scopeId)
      .map(({ role }) => role)
  }

  /** Lists the roles that a user has in any scope. */
  async listAssigned(userId: string): Promise<readonly AssignedRole[]> {
    const assigned: AssignedRole[] = []
    for (const { scope, scopeId, role: name } of await this.#store.listAssignments(userId)) {
      const system = SYSTEM_ROLES.find((role) => role.name === name)
      const custom = system === undefined ? await this.#store.getRole(name) : undefined
      const role = system ?? (custom && toView(custom))
      if (role !== undefined) assigned.push({ userId, role, scope: { scope, scopeId } })
    }
    return assigned
  }

  /** Assigns a role to a user in a scope. Throws `resource-not-found`, `last-administrator`, `role-quota-exceeded`. */
  async assign(domainId: string, userId: string, scope: RoleScope, roleId: string): Promise<void> {
    const role = await this.get(domainId, roleId)
    const assignment = { userId, ...scope, role: keyOf(role) }
    throwUnlessDone(await this.#writes.addAssignment(assignment, CUSTOM_ROLES_PER_SCOPE_MAX), {
      'last-admin': LAST_DENY,
      full: TOO_MANY_ROLES,
    })
  }

  /** Removes a role from a user in a scope. Throws `resource-not-found`, `last-administrator`. */
  async unassign(domainId: string, userId: string, scope: RoleScope, roleId: string): Promise<void> {
    const role = await this.get(domainId, roleId)
    throwUnlessDone(await this.#writes.removeAssignment({ userId, ...scope, role: keyOf(role) }), {
      absent: notFound('role_id', 'the id of a role that the user has there', roleId),
    })
  }
}

const LAST_DENY = new DomainError('last-administrator', {
  detail: 'In the whole domain the last one can have system roles only, because others may hold a Deny.',
})

const TOO_MANY_ROLES = invalid(
  'custom policies of the user there',
  { name: 'items-max', limit: CUSTOM_ROLES_PER_SCOPE_MAX },
  undefined,
  'role-quota-exceeded',
)

function toView(role: CustomRole): RoleView {
  const { id, domainId, displayName, description, descriptionCn, type, createdAtMs, updatedAtMs } = role
  return {
    id,
    name: nameOf(role),
    displayName,
    description,
    descriptionCn,
    catalog: 'CUSTOMED',
    type,
    policy: JSON.parse(role.policy) as PolicyDocument,
    custom: { domainId, createdAtMs, updatedAtMs },
  }
}

/** How an assignment refers to a role: by the name of a system role, by the id of a custom role. */
function keyOf(role: RoleView): string {
  return role.custom === undefined ? role.name : role.id
}

/** The name of a custom role in tokens. */
export function nameOf({ id }: Pick<CustomRole, 'id'>): string {
  return `custom_${id}`
}

function roleNotFound(id: string): DomainError {
  return notFound('role_id', 'the id of a role that the domain knows', id)
}

function displayNameTaken(name: string): DomainError {
  return invalid('role.display_name', { name: 'unique' }, name, 'name-taken')
}
