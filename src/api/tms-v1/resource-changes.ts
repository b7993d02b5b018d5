import { type TSchema, Type } from 'typebox'
import type { Author, Catalog } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { ResourceType, ResourceTypes } from '../../core/resource-types.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { Project } from '../../iam/accounts.ts'
import { checkMembers, checkTagItems, closed, isObject, type MissingCodes } from './body-members.ts'
import { resourceError } from './errors.ts'
import { BATCH_LIMITS } from './limits.ts'
import { checkProjectNamed, projectWith } from './named-projects.ts'
import { TypeResolver } from './resource-types.ts'

const { resourcesMax, tagsMax } = BATCH_LIMITS

/** Describes the member or parameter `project_id`. */
export const PROJECT_ID_HELP =
  'Required, unless all types are global: then resources are looked up in the projects of the domain.'

/** The name of a resource in a request body. */
export type ResourceName = { readonly resource_id: string; readonly resource_type: string }

const resourceName = closed(Type.Object({ resource_id: Type.String(), resource_type: Type.String() }))

/**
 * The body of a batch route (contract 5, T6 and T7): its schema and the validation of its members. `codes` are the
 * codes for missing members of a tag.
 */
export function batchBody<T extends TSchema>(tag: T, codes: MissingCodes, types: ResourceTypes) {
  const body = closed(
    Type.Object({
      project_id: Type.Optional(Type.String({ description: PROJECT_ID_HELP })),
      resources: Type.Array(resourceName, { minItems: 1, maxItems: resourcesMax }),
      tags: Type.Array(tag, { minItems: 1, maxItems: tagsMax }),
    }),
  )
  const prepareBody = (given: unknown) => {
    if (!isObject(given)) return given
    checkProjectNamed(types, given.project_id, Array.isArray(given.resources) ? given.resources.map(typeOf) : [])
    checkMembers(given, '', body, { tags: 'tags-missing' })
    if (Array.isArray(given.resources)) {
      for (const [i, resource] of given.resources.entries()) checkMembers(resource, `resources[${i}]`, resourceName)
    }
    checkTagItems(given.tags, 'tags', tag, codes)
    const { project_id, ...others } = given
    return project_id === null ? others : given
  }
  return { body, prepareBody }
}

function typeOf(resource: unknown): unknown {
  return isObject(resource) ? resource.resource_type : undefined
}

/** Schema of the answer. */
export const batchAnswer = Type.Object({
  failed_resources: Type.Array(
    Type.Object({
      resource_id: Type.String(),
      resource_type: Type.String(),
      error_code: Type.String(),
      error_msg: Type.String(),
    }),
    { description: 'Resources that were not changed.' },
  ),
})

/**
 * Changes the tags of resources, each atomically, and gives those that failed. A resource that is named twice is
 * changed once, in the first of the projects that has it. All changes of a project share one group commit.
 */
export async function changeResources(
  { catalog, types }: { readonly catalog: Catalog; readonly types: ResourceTypes },
  projects: readonly Project[],
  resources: readonly ResourceName[],
  changeOf: (type: ResourceType) => TagChange,
  author: Author,
) {
  const change = async ({ resource_id, resource_type }: ResourceName, type: ResourceType) => {
    try {
      const project = await projectWith(catalog, projects, type, resource_id)
      await catalog.change(project, type, resource_id, changeOf(type), author)
      return undefined
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return { resource_id, resource_type, ...resourceError(error) }
    }
  }
  const ids = projects.map(({ id }) => id)
  const resolver = new TypeResolver(types, catalog, ids)
  const known = new Set<string>()
  const named = await Promise.all(
    resources.map(({ resource_type }, i) => knownType(resolver, resource_type, `resources[${i}].resource_type`)),
  )
  const outcomes = resources.map((resource, i) => {
    const { resource_id, resource_type } = resource
    const type = named[i] as (typeof named)[number]
    const identity = JSON.stringify([type instanceof DomainError ? resource_type : type, resource_id])
    if (known.has(identity)) return undefined
    known.add(identity)
    return type instanceof DomainError ? { resource_id, resource_type, ...resourceError(type) } : change(resource, type)
  })
  // Waits for all changes before throwing an error that does not belong to one resource.
  const settled = await Promise.allSettled(outcomes)
  return settled.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value === undefined ? [] : [outcome.value]
  })
}

async function knownType(
  resolver: TypeResolver,
  name: string,
  field: string,
): Promise<ResourceType | DomainError<string>> {
  try {
    return await resolver.resolve(name, field)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
