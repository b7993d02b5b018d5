import type { Catalog } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { type ResourceType, type ResourceTypes, unknownTypeRule } from '../../core/resource-types.ts'
import type { TmsErrorCode } from './error-codes.ts'

/** Resolves names of resource types, as far as the registry and the resources of some projects know them. */
export class TypeResolver {
  readonly #types: ResourceTypes
  readonly #catalog: Catalog
  readonly #projects: readonly string[]
  #inUse: Promise<ReadonlySet<string>> | undefined

  constructor(types: ResourceTypes, catalog: Catalog, projects: readonly string[]) {
    this.#types = types
    this.#catalog = catalog
    this.#projects = projects
  }

  /**
   * Resolves the name of a type, case-sensitively: one of the registry, or one that resources of the projects have.
   * Throws `resource-type-unknown`.
   */
  async resolve(name: string, field: string): Promise<ResourceType> {
    const type = this.#types.registered(name)
    if (type !== undefined) return type
    this.#inUse ??= this.#typesInUse()
    if ((await this.#inUse).has(name)) return name as ResourceType
    throw invalid<TmsErrorCode>(field, unknownTypeRule(this.#types, name), name, 'resource-type-unknown')
  }

  /** Resolves names to types, each type once with its first name in the request. Throws `resource-type-unknown`. */
  async resolveAll(names: readonly string[], field: string): Promise<ReadonlyMap<ResourceType, string>> {
    const types = new Map<ResourceType, string>()
    for (const [i, name] of names.entries()) {
      const type = await this.resolve(name, `${field}[${i}]`)
      if (!types.has(type)) types.set(type, name)
    }
    return types
  }

  async #typesInUse(): Promise<ReadonlySet<string>> {
    const types = new Set<string>()
    for (const project of this.#projects) for (const type of await this.#catalog.types(project)) types.add(type)
    return types
  }
}
