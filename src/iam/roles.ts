import type { Clock } from '../core/clock.ts'
import { DomainError, invalid } from '../core/errors.ts'
import {
  type AccountStore,
  ADMIN_ROLE,
  type CustomRole,
  type CustomRoleChanges,
  type RoleAssignment,
} from '../store/account-store.ts'
import { throwUnlessDone } from './account-verdict.ts'
import { newId } from './new-id.ts'
import { notFound } from './not-found.ts'
import type { PolicyDocument } from './policy.ts'

/** A role as everybody sees it, whether it came with the service or an administrator made it. */
export type RoleView = {
  readonly id: string
  /** What a token calls it. */
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly descriptionCn: string
  readonly catalog: string
  /** `AA`: everywhere; `AX`: among the roles of domains; `XA`: among those of projects. */
  readonly type: 'AA' | 'AX' | 'XA'
  readonly policy: PolicyDocument
  /** Undefined for the roles that came with the service. */
  readonly custom: { readonly domainId: string; readonly createdAtMs: number; readonly updatedAtMs: number } | undefined
}

/** What an administrator says about a custom role. */
export type RoleInput = Pick<CustomRole, 'displayName' | 'description' | 'descriptionCn' | 'type'> & {
  readonly policy: PolicyDocument
}

/** A place in which a user has roles. */
export type RolePlace = Pick<RoleAssignment, 'scope' | 'scopeId'>

/** That a user has a role in a place. */
export type HeldRole = { readonly userId: string; readonly role: RoleView; readonly place: RolePlace }

const system = (id: string, name: string, displayName: string, description: string, actions: readonly string[]) => ({
  ...{ id, name, displayName, description, descriptionCn: '', catalog: 'BASE', type: 'AA' as const },
  policy: { Version: '1.0', Statement: [{ Effect: 'Allow', Action: actions }] } satisfies PolicyDocument,
  custom: undefined,
})

/** The roles that come with the service, under the same ids in every one. */
export const SYSTEM_ROLES: readonly RoleView[] = [
  system('b3a1c5d0e64f4c0f9a7d2e8f10000001', ADMIN_ROLE, 'Tenant Administrator', 'May do everything in its scope.', [
    '*:*:*',
  ]),
  system('b3a1c5d0e64f4c0f9a7d2e8f10000002', 'readonly', 'Tenant Guest', 'May see everything in its scope.', [
    '*:*:get*',
    '*:*:list*',
  ]),
]

/** The custom roles that a user may have in one place: every request looks through all of them. Own choice. */
const CUSTOM_ROLES_PER_PLACE_MAX = 20

/** Roles of a domain, and who has them. */
export class Roles {
  readonly #store: AccountStore
  readonly #clock: Clock

  constructor(store: AccountStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Gives the custom roles of a domain, by display name. */
  async listCustom(domainId: string): Promise<readonly RoleView[]> {
    return (await this.#store.listRoles(domainId)).map(toView)
  }

  /** Gives a role that a domain knows. Throws `resource-not-found`. */
  async get(domainId: string, id: string): Promise<RoleView> {
    return SYSTEM_ROLES.find((role) => role.id === id) ?? (await this.getCustom(domainId, id))
  }

  /** Gives a custom role of a domain. Throws `resource-not-found`. */
  async getCustom(domainId: string, id: string): Promise<RoleView> {
    const role = await this.#store.getRole(id)
    if (role === undefined || role.domainId !== domainId) throw roleNotFound(id)
    return toView(role)
  }

  /** Says how many assignments there are of a custom role. */
  references(id: string): Promise<number> {
    return this.#store.countAssignments(id)
  }

  /** Makes a custom role. Throws `name-taken`. */
  async create(domainId: string, input: RoleInput): Promise<RoleView> {
    const now = this.#clock()
    const policy = JSON.stringify(input.policy)
    const role = { ...input, id: newId(), domainId, policy, createdAtMs: now, updatedAtMs: now }
    throwUnlessDone(await this.#store.createRole(role), { taken: displayNameTaken(input.displayName) })
    return toView(role)
  }

  /** Changes a custom role; what is undefined stays. Throws `resource-not-found`, `name-taken`. */
  async update(domainId: string, id: string, { policy, ...changes }: Partial<RoleInput>): Promise<RoleView> {
    await this.getCustom(domainId, id)
    const all: CustomRoleChanges = {
      ...changes,
      ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }),
      updatedAtMs: this.#clock(),
    }
    throwUnlessDone(await this.#store.updateRole(id, all), {
      absent: roleNotFound(id),
      taken: displayNameTaken(changes.displayName ?? ''),
    })
    return this.getCustom(domainId, id)
  }

  /** Deletes a custom role. Throws `resource-not-found`, and `role-in-use` while somebody has it. */
  async remove(domainId: string, id: string): Promise<void> {
    await this.getCustom(domainId, id)
    throwUnlessDone(await this.#store.deleteRole(id), { absent: roleNotFound(id) })
  }

  /** Gives the roles that a user has in a place itself, in the order of their names. */
  async assigned(userId: string, place: RolePlace): Promise<readonly RoleView[]> {
    return (await this.held(userId))
      .filter((held) => held.place.scope === place.scope && held.place.scopeId === place.scopeId)
      .map(({ role }) => role)
  }

  /** Gives the roles that a user has, wherever that is. */
  async held(userId: string): Promise<readonly HeldRole[]> {
    const held: HeldRole[] = []
    for (const { scope, scopeId, role: name } of await this.#store.listAssignments(userId)) {
      const known = SYSTEM_ROLES.find((role) => role.name === name)
      const custom = known === undefined ? await this.#store.getRole(name) : undefined
      const role = known ?? (custom && toView(custom))
      if (role !== undefined) held.push({ userId, role, place: { scope, scopeId } })
    }
    return held
  }

  /** Gives a user a role in a place. Throws `resource-not-found`, `last-administrator`, `role-quota-exceeded`. */
  async assign(domainId: string, userId: string, place: RolePlace, roleId: string): Promise<void> {
    const role = await this.get(domainId, roleId)
    const assignment = { userId, ...place, role: keyOf(role) }
    throwUnlessDone(await this.#store.addAssignment(assignment, CUSTOM_ROLES_PER_PLACE_MAX), {
      'last-admin': LAST_DENY,
      full: TOO_MANY_ROLES,
    })
  }

  /** Takes a role away from a user. Throws `resource-not-found`, `last-administrator`. */
  async unassign(domainId: string, userId: string, place: RolePlace, roleId: string): Promise<void> {
    const role = await this.get(domainId, roleId)
    throwUnlessDone(await this.#store.removeAssignment({ userId, ...place, role: keyOf(role) }), {
      absent: notFound('role_id', 'the id of a role that the user has there', roleId),
    })
  }
}

const LAST_DENY = new DomainError('last-administrator', {
  detail: 'A custom policy may hold a Deny, so the last one cannot be given any in the whole domain.',
})

const TOO_MANY_ROLES = invalid(
  'custom policies of the user there',
  { name: 'items-max', limit: CUSTOM_ROLES_PER_PLACE_MAX },
  undefined,
  'role-quota-exceeded',
)

function toView(role: CustomRole): RoleView {
  const { id, domainId, displayName, description, descriptionCn, type, createdAtMs, updatedAtMs } = role
  return {
    ...{ id, name: nameOf(role), displayName, description, descriptionCn, catalog: 'CUSTOMED', type },
    policy: JSON.parse(role.policy) as PolicyDocument,
    custom: { domainId, createdAtMs, updatedAtMs },
  }
}

/** What an assignment keeps of a role. */
function keyOf(role: RoleView): string {
  return role.custom === undefined ? role.name : role.id
}

/** What a token calls a custom role. */
export function nameOf({ id }: Pick<CustomRole, 'id'>): string {
  return `custom_${id}`
}

function roleNotFound(id: string): DomainError {
  return notFound('role_id', 'the id of a role that the domain knows', id)
}

function displayNameTaken(name: string): DomainError {
  return invalid('role.display_name', { name: 'unique' }, name, 'name-taken')
}
