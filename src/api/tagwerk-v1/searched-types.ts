import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { type ResourceType, type ResourceTypes, toResourceType, unknownTypeRule } from '../../core/resource-types.ts'
import { compareCodePoints } from '../../core/text.ts'
import { typeName } from '../type-name.ts'
import { TYPES_MAX } from './limits.ts'

/** Schema of the types that a call searches. */
export const searchedTypes = Type.Optional(
  Type.Array(typeName, { minItems: 1, maxItems: TYPES_MAX, description: 'Default: all types.' }),
)

/** Projects whose types are read side by side. */
const PROJECTS_AT_ONCE = 64

/**
 * The types with the given names, each once and ascending; undefined without names. Throws `request-invalid` for a name
 * that is neither in the registry nor in use in the projects: it would match nothing, whatever was meant.
 */
export async function toSearchedTypes(
  names: readonly string[] | undefined,
  known: ResourceTypes,
  catalog: Catalog,
  projects: readonly string[],
  field = 'resource_types',
): Promise<readonly ResourceType[] | undefined> {
  if (names === undefined) return undefined
  const types = new Set<ResourceType>()
  let inUse: Promise<ReadonlySet<string>> | undefined
  for (const [i, name] of names.entries()) {
    const type = toResourceType(known, name, `${field}[${i}]`)
    if (known.row(type) === undefined) {
      inUse ??= typesInUse(catalog, projects)
      if (!(await inUse).has(type)) throw invalid(`${field}[${i}]`, unknownTypeRule(known, name), name)
    }
    types.add(type)
  }
  return [...types].sort(compareCodePoints)
}

async function typesInUse(catalog: Catalog, projects: readonly string[]): Promise<ReadonlySet<string>> {
  const types = new Set<string>()
  for (let i = 0; i < projects.length; i += PROJECTS_AT_ONCE) {
    const some = projects.slice(i, i + PROJECTS_AT_ONCE).map((project) => catalog.types(project))
    for (const ofProject of await Promise.all(some)) for (const type of ofProject) types.add(type)
  }
  return types
}
