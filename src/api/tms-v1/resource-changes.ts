import { type TSchema, Type } from 'typebox'
import type { Author, Catalog } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import type { TagChange } from '../../core/tag-change.ts'
import { checkMembers, checkTagItems, isObject, type RequiredMembers } from './body-members.ts'
import { resourceError } from './errors.ts'
import { BATCH_LIMITS } from './limits.ts'
import { toResourceType } from './resource-types.ts'

const { resourcesMax, tagsMax } = BATCH_LIMITS

/** A resource as a body names it. */
export type ResourceName = { readonly resource_id: string; readonly resource_type: string }

/** Schema of a body that changes tags of many resources (contract 5, T6 and T7). */
export function batchBody<T extends TSchema>(tag: T) {
  return Type.Object({
    project_id: Type.Optional(Type.String({ description: 'Mandatory for resources of a region, as all here are.' })),
    resources: Type.Array(Type.Object({ resource_id: Type.String(), resource_type: Type.String() }), {
      ...{ minItems: 1, maxItems: resourcesMax },
    }),
    tags: Type.Array(tag, { minItems: 1, maxItems: tagsMax }),
  })
}

/** Checks which members such a body has; `required` and `optional` are those of a tag. */
export function checkBatchBody(body: unknown, required: RequiredMembers, optional: readonly string[]): unknown {
  checkMembers(body, '', { project_id: 'project-id-invalid', resources: 'request-invalid', tags: 'tags-missing' })
  if (!isObject(body)) return body
  if (Array.isArray(body.resources)) {
    for (const [i, resource] of body.resources.entries()) {
      const code = 'request-invalid'
      checkMembers(resource, `resources[${i}]`, { resource_id: code, resource_type: code })
    }
  }
  checkTagItems(body.tags, 'tags', required, optional)
  return body
}

/** Schema of the answer. */
export const batchAnswer = Type.Object({
  failed_resources: Type.Array(
    Type.Object({
      ...{ resource_id: Type.String(), resource_type: Type.String() },
      ...{ error_code: Type.String(), error_msg: Type.String() },
    }),
    { description: 'Resources that were left as they are.' },
  ),
})

/**
 * Changes the tags of resources, each all or nothing, and gives those that were left as they are. A resource that is
 * named twice is changed once. The changes wait for the disk together.
 */
export async function changeResources(
  catalog: Catalog,
  project: string,
  resources: readonly ResourceName[],
  changeOf: (type: ResourceType) => TagChange,
  author: Author,
) {
  const change = async ({ resource_id, resource_type }: ResourceName, type: ResourceType) => {
    try {
      await catalog.change(project, type, resource_id, changeOf(type), author)
      return undefined
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return { resource_id, resource_type, ...resourceError(error) }
    }
  }
  const known = new Set<string>()
  const outcomes = resources.map((resource, i) => {
    const { resource_id, resource_type } = resource
    const type = knownType(resource_type, `resources[${i}].resource_type`)
    const identity = JSON.stringify([type instanceof DomainError ? resource_type : type, resource_id])
    if (known.has(identity)) return undefined
    known.add(identity)
    return type instanceof DomainError ? { resource_id, resource_type, ...resourceError(type) } : change(resource, type)
  })
  // What is no fault of one resource is only thrown when nothing is under way any more.
  const settled = await Promise.allSettled(outcomes)
  return settled.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value === undefined ? [] : [outcome.value]
  })
}

function knownType(name: string, field: string): ResourceType | DomainError {
  try {
    return toResourceType(name, field)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
