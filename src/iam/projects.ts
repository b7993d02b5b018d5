import { DomainError, invalid } from '../core/errors.ts'
import type { Project } from '../store/account-records.ts'
import type { ProjectChanges } from '../store/account-store.ts'
import { quotaExceeded, throwUnlessDone } from './account-verdict.ts'
import { newId } from './new-id.ts'
import { notFound } from './not-found.ts'
import { hasRoleIn } from './principals.ts'
import type { AccountReads, AccountWrites } from './write-limit.ts'

export type { Project } from '../store/account-records.ts'

/** Manages the projects of a domain. */
export class Projects {
  readonly #store: AccountReads
  readonly #writes: AccountWrites
  readonly #projectsMax: number

  constructor(store: AccountReads, writes: AccountWrites, projectsMax = Number.MAX_SAFE_INTEGER) {
    this.#store = store
    this.#writes = writes
    this.#projectsMax = projectsMax
  }

  /** Lists the projects of a domain, ordered by name. */
  list(domainId: string): Promise<readonly Project[]> {
    return this.#store.listProjects(domainId)
  }

  /** Lists the enabled projects of a domain in which a user has a role, ordered by name. */
  async listForUser(domainId: string, userId: string): Promise<readonly Project[]> {
    const assignments = await this.#store.listAssignments(userId)
    const projects = await this.#store.listProjects(domainId)
    return projects.filter((project) => project.enabled && hasRoleIn(assignments, project))
  }

  /** Gives a project of a domain. Throws `resource-not-found`. */
  async get(domainId: string, id: string): Promise<Project> {
    const project = await this.#store.getProject(id)
    if (project === undefined || project.domainId !== domainId) throw projectNotFound(id)
    return project
  }

  /** Gives a project of any domain, for calls of the first domain only. Throws `resource-not-found`. */
  async getAnywhere(id: string): Promise<Project> {
    const project = await this.#store.getProject(id)
    if (project === undefined) throw projectNotFound(id)
    return project
  }

  /** Gives the project of a domain with an id or a name; undefined when there is none. */
  async find(domainId: string, nameOrId: string): Promise<Project | undefined> {
    const byId = await this.#store.getProject(nameOrId)
    return byId?.domainId === domainId ? byId : this.#store.getProjectByName(domainId, nameOrId)
  }

  /** Gives the project with a name in a domain, and creates it if there is none. Throws `domain-quota-exceeded`. */
  async ensure(domainId: string, name: string): Promise<Project> {
    const existing = await this.#store.getProjectByName(domainId, name)
    if (existing !== undefined) return existing
    const project = await this.#writes.ensureProject(newProject(domainId, name), this.#projectsMax)
    if (project === 'full') throw quotaExceeded('projects of the domain', this.#projectsMax)
    return project
  }

  /** Creates a project. Throws `name-taken`, `domain-quota-exceeded`. */
  async create(domainId: string, input: Pick<Project, 'name' | 'description' | 'enabled' | 'tags'>): Promise<Project> {
    const project = { ...newProject(domainId, input.name), ...input }
    throwUnlessDone(await this.#writes.createProject(project, this.#projectsMax), {
      taken: nameTaken(input.name),
      full: quotaExceeded('projects of the domain', this.#projectsMax),
    })
    return project
  }

  /** Updates a project; undefined members do not change. Throws `resource-not-found`, `name-taken`. */
  async update(domainId: string, id: string, changes: ProjectChanges): Promise<Project> {
    await this.get(domainId, id)
    const verdict = await this.#writes.updateProject(id, changes)
    throwUnlessDone(verdict, { absent: projectNotFound(id), taken: nameTaken(changes.name ?? '') })
    return this.get(domainId, id)
  }

  /** Adds a tag to a project. Throws `resource-not-found`, and `request-invalid` above the limit. */
  async addTag(domainId: string, id: string, tag: string, tagsMax: number): Promise<void> {
    await this.get(domainId, id)
    throwUnlessDone(await this.#writes.addProjectTag(id, tag, tagsMax), {
      absent: projectNotFound(id),
      full: invalid('tags', { name: 'items-max', limit: tagsMax }),
    })
  }

  /** Removes a tag from a project. Throws `resource-not-found` for an unknown project or tag. */
  async removeTag(domainId: string, id: string, tag: string): Promise<void> {
    await this.get(domainId, id)
    const absent = notFound('tag', 'a tag of the project', tag)
    throwUnlessDone(await this.#writes.removeProjectTag(id, tag), { absent })
  }

  /** Deletes a project. Throws `resource-not-found`, and `project-in-use` while it has resources. */
  async remove(domainId: string, id: string): Promise<void> {
    await this.get(domainId, id)
    throwUnlessDone(await this.#writes.deleteProject(id), {
      absent: projectNotFound(id),
      'in-use': new DomainError('project-in-use'),
    })
  }
}

/** An enabled project with a new id and no description. */
export function newProject(domainId: string, name: string): Project {
  return { id: newId(), domainId, name, description: '', enabled: true, tags: [], limits: {}, tokenGeneration: 0 }
}

function projectNotFound(id: string): DomainError {
  return notFound('project_id', 'the id of a project of the domain', id)
}

function nameTaken(name: string): DomainError {
  return invalid('project.name', { name: 'unique' }, name, 'name-taken')
}
