import { type Static, Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import { IdSet } from '../../core/id-set.ts'
import { copyOf } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import { oneOf } from '../tag-query-body.ts'
import type { ChangeList } from './import-changes.ts'
import type { Write } from './import-writers.ts'
import { REPLACED_RESOURCES_MAX } from './limits.ts'
import type { TargetProject } from './projects.ts'
import type { ResourceLine } from './resource-line.ts'

/** Query parameters that make a project equal to a file. */
export const replaceParameters = {
  replace: Type.Boolean({
    default: false,
    description:
      'True: resources of the projects and types in the body that the body does not have are deleted at the end, if no line was refused.',
  }),
  max_delete_percent: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 10,
    description: 'With `replace`: nothing is deleted if more than this share of the resources of a type would be.',
  }),
}

export const replacementReport = Type.Object({
  deleted: Type.Integer({ description: 'Deleted resources; of a dry run, those that would be.' }),
  held_back: Type.Optional(
    oneOf(['refused-lines', 'too-many-deletions'], { description: 'Why nothing was deleted, if something would be.' }),
  ),
  types: Type.Array(
    Type.Object({
      project: Type.Optional(Type.String()),
      resource_type: Type.String(),
      resources: Type.Integer({ description: 'Before the import.' }),
      absent: Type.Integer({ description: 'Resources that the body does not have.' }),
    }),
  ),
})

/** The action that a caller needs besides that of an import. */
export const DELETE_ACTION = 'tagwerk:resources:delete'
/** Deletions per batch: half of what one commit takes, which leaves room for other writers. */
const DELETIONS_PER_BATCH = 500

/** What replacing needs of its import. */
export type ReplacementParts = {
  readonly catalog: Catalog
  readonly maxDeletePercent: number
  /** Undefined: nothing is deleted. */
  readonly write: Write | undefined
  readonly changes: ChangeList | undefined
  /** Throws if the caller may not delete in a project, or is gone. Called before each batch. */
  readonly check: (projectId: string) => Promise<void>
}

type Group = {
  readonly project: TargetProject & { readonly id: string }
  readonly name: string | undefined
  readonly type: ResourceType
  created: number
}
type Plan = Group & { readonly resources: number; readonly absent: number; readonly ids: readonly string[] }

/**
 * Deletes what an import does not have. Nothing is deleted before all lines are written; what is deleted is decided by
 * absence from the body alone. The ids in the body are kept as hashes: two equal ones would keep a resource, never delete
 * one.
 */
export class Replacement {
  readonly #parts: ReplacementParts
  readonly #seen = new IdSet()
  readonly #groups = new Map<string, Group>()

  constructor(parts: ReplacementParts) {
    this.#parts = parts
  }

  /** Records a line, whatever becomes of it. Throws `body-too-large` for too many resources. */
  see({ id: projectId }: TargetProject, { type, id, project: name }: ResourceLine): void {
    // A project that a dry run would create has no resources yet.
    if (projectId === undefined) return
    const key = `${projectId}/${type}`
    if (!this.#groups.has(key)) this.#groups.set(key, { project: { id: projectId }, name, type, created: 0 })
    this.#seen.add(`${key}/${id}`)
    if (this.#seen.size <= REPLACED_RESOURCES_MAX) return
    throw invalid('body', { name: 'items-max', limit: REPLACED_RESOURCES_MAX }, undefined, 'body-too-large')
  }

  /** Records that a line created its resource, which therefore was not there before. */
  created({ id }: TargetProject, type: ResourceType): void {
    const group = this.#groups.get(`${id}/${type}`)
    if (group !== undefined && this.#parts.write !== undefined) group.created++
  }

  /** Deletes all that is absent, or nothing. Call it when all lines are written. */
  async finish(refusedLines: number): Promise<Static<typeof replacementReport>> {
    const plans: Plan[] = []
    for (const group of this.#groups.values()) plans.push(await this.#planOf(group))
    const absent = plans.reduce((sum, plan) => sum + plan.absent, 0)
    const isTooMany = plans.some(
      ({ absent, ids, resources }) => absent > this.#allowed(resources) || ids.length < absent,
    )
    const types = plans.map(({ name, type, resources, absent }) => ({
      ...(name !== undefined && { project: name }),
      ...{ resource_type: type, resources, absent },
    }))
    if (absent === 0) return { deleted: 0, types }
    if (refusedLines > 0) return { deleted: 0, held_back: 'refused-lines', types }
    if (isTooMany) return { deleted: 0, held_back: 'too-many-deletions', types }
    return { deleted: await this.#delete(plans), types }
  }

  #allowed(resources: number): number {
    return Math.floor((resources * this.#parts.maxDeletePercent) / 100)
  }

  /** Finds the resources of a type that the body does not have. Keeps no more ids than may be deleted. */
  async #planOf(group: Group): Promise<Plan> {
    const { catalog, changes, check } = this.#parts
    const { project, type, created, name } = group
    await check(project.id)
    const { total } = await catalog.count(project.id, type, {})
    const allowed = this.#allowed(total)
    const ids: string[] = []
    let absent = 0
    let all = 0
    await catalog.scan(project.id, type, {}, {}, (resource) => {
      all++
      if (this.#seen.has(`${project.id}/${type}/${resource.id}`)) return true
      absent++
      if (ids.length < allowed) ids.push(resource.id)
      changes?.add(
        { project: name, type, id: resource.id },
        { effect: 'deleted', before: copyOf(resource), after: undefined },
      )
      return true
    })
    return { ...group, resources: all - created, absent, ids }
  }

  async #delete(plans: readonly Plan[]): Promise<number> {
    const { write, check } = this.#parts
    if (write === undefined) return plans.reduce((sum, { absent }) => sum + absent, 0)
    let deleted = 0
    for (const { project, type, ids } of plans) {
      for (let start = 0; start < ids.length; start += DELETIONS_PER_BATCH) {
        await check(project.id)
        const batch = ids.slice(start, start + DELETIONS_PER_BATCH)
        const { results } = await write(
          project,
          batch.map((id) => ({ type, id, change: { kind: 'delete' } })),
        )
        for (const result of await results) {
          if (!(result instanceof DomainError)) deleted++
          // Another caller has deleted it.
          else if (result.code !== 'resource-not-found') throw result
        }
      }
    }
    return deleted
  }
}
