import { DomainError, invalid } from '../core/errors.ts'
import type { AccountStore, Project, ProjectChanges } from '../store/account-store.ts'
import { throwUnlessDone } from './account-verdict.ts'
import { newId } from './new-id.ts'
import { notFound } from './not-found.ts'
import { assignmentsIn, placeOf } from './principals.ts'

export type { Project } from '../store/account-store.ts'

/** The projects of a domain. */
export class Projects {
  readonly #store: AccountStore

  constructor(store: AccountStore) {
    this.#store = store
  }

  /** Gives the projects of a domain, by name. */
  list(domainId: string): Promise<readonly Project[]> {
    return this.#store.listProjects(domainId)
  }

  /** Gives the projects of a domain that a user may take a token for, by name. */
  async listForUser(domainId: string, userId: string): Promise<readonly Project[]> {
    const assignments = await this.#store.listAssignments(userId)
    const projects = await this.#store.listProjects(domainId)
    return projects.filter((project) => project.enabled && assignmentsIn(assignments, placeOf(project)).length > 0)
  }

  /** Gives a project of a domain. Throws `resource-not-found`. */
  async get(domainId: string, id: string): Promise<Project> {
    const project = await this.#store.getProject(id)
    if (project === undefined || project.domainId !== domainId) throw projectNotFound(id)
    return project
  }

  /** Gives the project of a domain that has a name or an id; undefined when there is none. */
  async find(domainId: string, nameOrId: string): Promise<Project | undefined> {
    const byId = await this.#store.getProject(nameOrId)
    return byId?.domainId === domainId ? byId : this.#store.getProjectByName(domainId, nameOrId)
  }

  /** Gives the project of a name in a domain, making it if it is missing. */
  async ensure(domainId: string, name: string): Promise<Project> {
    const known = await this.#store.getProjectByName(domainId, name)
    return known ?? this.#store.ensureProject(newProject(domainId, name))
  }

  /** Makes a project. Throws `name-taken`. */
  async create(domainId: string, input: Pick<Project, 'name' | 'description' | 'enabled'>): Promise<Project> {
    const project = { ...newProject(domainId, input.name), ...input }
    throwUnlessDone(await this.#store.createProject(project), { taken: nameTaken(input.name) })
    return project
  }

  /** Changes a project; what is undefined stays. Throws `resource-not-found`, `name-taken`. */
  async update(domainId: string, id: string, changes: ProjectChanges): Promise<Project> {
    await this.get(domainId, id)
    const verdict = await this.#store.updateProject(id, changes)
    throwUnlessDone(verdict, { absent: projectNotFound(id), taken: nameTaken(changes.name ?? '') })
    return this.get(domainId, id)
  }

  /** Deletes a project. Throws `resource-not-found`, and `project-in-use` while it has resources. */
  async remove(domainId: string, id: string): Promise<void> {
    await this.get(domainId, id)
    throwUnlessDone(await this.#store.deleteProject(id), {
      absent: projectNotFound(id),
      'in-use': new DomainError('project-in-use'),
    })
  }
}

/** A project without anything but a name. */
export function newProject(domainId: string, name: string): Project {
  return { id: newId(), domainId, name, description: '', enabled: true }
}

function projectNotFound(id: string): DomainError {
  return notFound('project_id', 'the id of a project of the domain', id)
}

function nameTaken(name: string): DomainError {
  return invalid('project.name', { name: 'unique' }, name, 'name-taken')
}
