import { invalid } from '../../core/errors.ts'
import { RESOURCE_TYPE_NAMES, type ResourceType, resourceTypeNamed } from '../../core/resource-type.ts'
import type { TmsErrorCode } from './error-codes.ts'

/** Resolves the name of a resource type, case-sensitively. Throws `resource-type-unknown`. */
export function toResourceType(name: string, field: string): ResourceType {
  const type = resourceTypeNamed(name)
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
