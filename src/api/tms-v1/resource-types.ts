import { invalid } from '../../core/errors.ts'
import { RESOURCE_TYPES, type ResourceType } from '../../core/resource-type.ts'
import type { TmsErrorCode } from './error-codes.ts'

/**
 * Aliases of resource types in this service. COMPAT: images are `images` in queries and `private_image` in the list of
 * services (contract D16); databases are `gaussdb` in OTC's list.
 */
const OTHER_NAMES: Readonly<Record<ResourceType, string>> = { images: 'private_image', instances: 'gaussdb' }

const TYPE_OF_NAME: ReadonlyMap<string, ResourceType> = new Map(
  RESOURCE_TYPES.flatMap((type) => [
    [type, type],
    [OTHER_NAMES[type], type],
  ]),
)

/** Every accepted name of a resource type. */
export const RESOURCE_TYPE_NAMES: readonly string[] = [...TYPE_OF_NAME.keys()]

/** Resolves the name of a resource type, case-sensitively. Throws `resource-type-unknown`. */
export function toResourceType(name: string, field: string): ResourceType {
  const type = TYPE_OF_NAME.get(name)
  if (type !== undefined) return type
  throw invalid<TmsErrorCode>(field, { name: 'one-of', allowed: RESOURCE_TYPE_NAMES }, name, 'resource-type-unknown')
}

/** Resolves names to types, each type once with its first name in the request. Throws `resource-type-unknown`. */
export function toResourceTypes(names: readonly string[], field: string): ReadonlyMap<ResourceType, string> {
  const types = new Map<ResourceType, string>()
  for (const [i, name] of names.entries()) {
    const type = toResourceType(name, `${field}[${i}]`)
    if (!types.has(type)) types.set(type, name)
  }
  return types
}

/** Gives the name of a type in the list of services. */
export function listedName(type: ResourceType): string {
  return OTHER_NAMES[type]
}
