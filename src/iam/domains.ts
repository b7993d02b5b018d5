import { DomainError, invalid } from '../core/errors.ts'
import { ADMIN_ROLE, type Domain } from '../store/account-records.ts'
import type { DomainAdministrator, DomainChanges } from '../store/account-store.ts'
import { throwUnlessDone } from './account-verdict.ts'
import { DEFAULT_NAME } from './initial-accounts.ts'
import { newId } from './new-id.ts'
import { notFound } from './not-found.ts'
import type { Principal } from './principal.ts'
import { newProject } from './projects.ts'
import type { UserInput, Users } from './users.ts'
import type { AccountReads, AccountWrites } from './write-limit.ts'

export type { Domain } from '../store/account-records.ts'

/** Name and password of the administrator of a domain. */
export type AdministratorInput = Required<Pick<UserInput, 'name' | 'password'>>

/** The properties of a new domain. */
export type DomainInput = Pick<Domain, 'name' | 'description' | 'enabled'> & {
  /** The first user, who may do everything in the domain. */
  readonly administrator?: AdministratorInput | undefined
  /** Name of the first project: that of the region, by which clients look it up (contract D33). */
  readonly projectName: string
}

/** Manages the domains of the service. */
export class Domains {
  readonly #store: AccountReads
  readonly #writes: AccountWrites
  readonly #users: Users

  constructor(store: AccountReads, writes: AccountWrites, users: Users) {
    this.#store = store
    this.#writes = writes
    this.#users = users
  }

  /** Lists all domains, ordered by name. */
  list(): Promise<readonly Domain[]> {
    return this.#store.listDomains()
  }

  /** Gives a domain. Throws `resource-not-found`. */
  async get(id: string): Promise<Domain> {
    const domain = await this.#store.getDomain(id)
    if (domain === undefined) throw domainNotFound(id)
    return domain
  }

  /**
   * Creates a domain with its first project, and an administrator if one is given. Throws what `Users.prepare` throws, and
   * `name-taken`.
   */
  async create(input: DomainInput, address: string, reauthorize?: () => Promise<void>): Promise<Domain> {
    const { name, description, enabled, administrator, projectName } = input
    if ((await this.#store.getDomainByName(name)) !== undefined) throw nameTaken(name)
    const domain = { id: newId(), name, description, enabled }
    const first = administrator && (await this.#prepareAdministrator(domain.id, administrator, address, reauthorize))
    const verdict = await this.#writes.createDomain({ domain, project: newProject(domain.id, projectName), ...first })
    throwUnlessDone(verdict, { taken: nameTaken(name) })
    return domain
  }

  /**
   * Updates a domain; undefined members do not change. Disabling it revokes all tokens of its users. An administrator is
   * added only to a domain without one: later ones are made by it. Throws what `Users.prepare` throws,
   * `resource-not-found`, `name-taken`, `resource-exists` for a second administrator, and `action-forbidden` for a new name
   * or the disabling of the first domain.
   */
  async update(
    id: string,
    changes: DomainChanges,
    administrator?: AdministratorInput,
    address = '',
    reauthorize?: () => Promise<void>,
  ): Promise<Domain> {
    const domain = await this.get(id)
    const isKept = changes.enabled !== false && (changes.name ?? domain.name) === domain.name
    if (isFirst(domain) && !isKept) throw FIRST_DOMAIN
    const added = administrator && (await this.#prepareAdministrator(id, administrator, address, reauthorize))
    throwUnlessDone(await this.#writes.updateDomain(id, changes, added), {
      absent: domainNotFound(id),
      taken: nameTaken(changes.name ?? ''),
      full: HAS_ADMINISTRATOR,
    })
    return this.get(id)
  }

  async #prepareAdministrator(
    domainId: string,
    input: AdministratorInput,
    address: string,
    reauthorize?: () => Promise<void>,
  ): Promise<DomainAdministrator> {
    const user = await this.#users.prepare(domainId, input, address, reauthorize)
    return { user, assignment: { userId: user.id, scope: 'domain', scopeId: domainId, role: ADMIN_ROLE } }
  }

  /**
   * Deletes a domain with its projects, users, roles and predefined tags. Throws `resource-not-found`, `project-in-use`
   * while a project of it has resources, and `action-forbidden` for the first domain.
   */
  async remove(id: string): Promise<void> {
    if (isFirst(await this.get(id))) throw FIRST_DOMAIN
    throwUnlessDone(await this.#writes.deleteDomain(id), {
      absent: domainNotFound(id),
      'in-use': new DomainError('project-in-use'),
    })
  }
}

/** Says whether a domain is the first one, whose administrators manage the others. */
export function isFirst({ name }: { readonly name: string }): boolean {
  return name === DEFAULT_NAME
}

/** Throws `action-forbidden` unless the scope is in the first domain: calls that concern all domains are its own. */
export function requireFirstDomain({ scope }: Principal): void {
  if (isFirst(scope.domain)) return
  throw new DomainError('action-forbidden', { detail: 'Only administrators of the first domain may do this.' })
}

const FIRST_DOMAIN = new DomainError('action-forbidden', {
  detail: `The domain ${DEFAULT_NAME} manages the others: it keeps its name and cannot be disabled or deleted.`,
})

const HAS_ADMINISTRATOR = new DomainError('resource-exists', {
  detail: 'The domain has an administrator, who adds further users and sets their roles.',
})

function domainNotFound(id: string): DomainError {
  return notFound('domain_id', 'the id of a domain', id)
}

function nameTaken(name: string): DomainError {
  return invalid('domain.name', { name: 'unique' }, name, 'name-taken')
}
