import { charactersRule, invalid, type Rule } from './errors.ts'
import { RESOURCE_TYPE_ROWS, type ResourceTypeRow, SERVICE_ROWS, type ServiceRow } from './resource-type-rows.ts'
import { similarName } from './similar-name.ts'
import { countCodePoints } from './text.ts'

declare const brand: unique symbol

/** The type of the images that the image service shows. */
export const IMAGES = 'images'
/** The type of the instances that the database service shows. */
export const INSTANCES = 'instances'

/**
 * The name of a resource type as the store keeps it: that of a row of the registry, or any other valid name. Other texts
 * become one through `ResourceTypes` alone.
 */
export type ResourceType = typeof IMAGES | typeof INSTANCES | (string & { readonly [brand]: true })

export const TYPE_NAME_CHARACTERS_MAX = 128
/** Names of types. `:`, `/` and `.` separate the parts of names in other clouds, such as `AWS::EC2::Instance`. */
export const TYPE_NAME_PATTERN = /^[0-9A-Za-z][0-9A-Za-z_.:/-]*$/
export const TYPE_NAME_ALLOWED = 'digits, letters, "_", "-", ".", ":" and "/", beginning with a digit or letter'

/** Why rows cannot be added to a registry. */
export class InvalidTypeRows extends Error {}

/**
 * The registry of resource types. It knows the taggable types of these clouds under all their names; other names are
 * valid too, for resources of other clouds, and have the wide tag rules.
 */
export class ResourceTypes {
  /** The types that need no file. */
  static readonly builtIn = new ResourceTypes(RESOURCE_TYPE_ROWS, SERVICE_ROWS)

  /** All rows, in the order in which they are documented. */
  readonly rows: readonly ResourceTypeRow[]
  readonly #services: Readonly<Record<string, ServiceRow>>
  readonly #rowOfName = new Map<string, ResourceTypeRow>()
  /** Names by what is left of them without case, `_`, `-` and the ending of the plural. */
  readonly #nameOfFold = new Map<string, string>()

  /** Throws `InvalidTypeRows` when two rows share a name, or a name is not valid. */
  constructor(rows: readonly ResourceTypeRow[], services: Readonly<Record<string, ServiceRow>>) {
    this.rows = rows
    this.#services = services
    for (const row of rows) for (const name of namesOf(row)) this.#add(name, row)
  }

  #add(name: string, row: ResourceTypeRow): void {
    if (!isTypeName(name)) throw new InvalidTypeRows(`the name "${name}" may only hold ${TYPE_NAME_ALLOWED}`)
    const other = this.#rowOfName.get(name)
    if (other !== undefined) {
      throw new InvalidTypeRows(
        `the name "${name}" of the type "${row.name}" is a name of the type "${other.name}" too`,
      )
    }
    this.#rowOfName.set(name, row)
    // The first of several spellings is the one that a refusal suggests.
    if (!this.#nameOfFold.has(fold(name))) this.#nameOfFold.set(fold(name), name)
  }

  /**
   * Gives a registry with more rows. Throws `InvalidTypeRows`, also for a name that differs from that of another type in
   * case, `_`, `-` or plural alone: clients that know only the built-in types refuse it as a misspelling.
   */
  with(rows: readonly ResourceTypeRow[]): ResourceTypes {
    if (rows.length === 0) return this
    const types = new ResourceTypes([...this.rows, ...rows], this.#services)
    for (const row of rows) for (const name of namesOf(row)) types.#refuseSpelling(name, row)
    return types
  }

  #refuseSpelling(name: string, row: ResourceTypeRow): void {
    const first = this.#nameOfFold.get(fold(name)) as string
    const other = this.#rowOfName.get(first) as ResourceTypeRow
    if (other === row) return
    throw new InvalidTypeRows(
      `the name "${name}" of the type "${row.name}" differs from the name "${first}" of the type "${other.name}" in case, ` +
        '"_", "-" or plural alone',
    )
  }

  /** Gives the type with a registered name or alias, case-sensitively; undefined when there is none. */
  registered(name: string): ResourceType | undefined {
    return this.#rowOfName.get(name)?.name as ResourceType | undefined
  }

  /**
   * Gives the type with a name or alias, case-sensitively. A name that is not in the registry is a type of its own;
   * undefined when it is not a valid name, or a misspelling of a registered one (see `spelledAs`).
   */
  named(name: string): ResourceType | undefined {
    const type = this.registered(name)
    if (type !== undefined) return type
    return isTypeName(name) && this.spelledAs(name) === undefined ? (name as ResourceType) : undefined
  }

  /**
   * Gives the registered name that another one differs from in case, `_`, `-` or plural alone; undefined when there is none.
   * Such a name would be a second type that every query for the first one misses.
   */
  spelledAs(name: string): string | undefined {
    return this.#rowOfName.has(name) ? undefined : this.#nameOfFold.get(fold(name))
  }

  /**
   * Gives the name of the registered type that a name of another program means, also by another spelling; the same name if
   * there is none.
   */
  canonical(name: string): string {
    return this.registered(this.spelledAs(name) ?? name) ?? name
  }

  /** Every name and alias. */
  get names(): readonly string[] {
    return [...this.#rowOfName.keys()]
  }

  /** Gives the row of a type; undefined for a type that is not in the registry. */
  row(type: ResourceType): ResourceTypeRow | undefined {
    return this.#rowOfName.get(type)
  }

  /** Gives the display names of a service; its id when it has none. */
  service(id: string): ServiceRow {
    return this.#services[id] ?? { en: id, zh: id }
  }
}

/** Every name of a type. */
export function namesOf({ name, aliases = [] }: ResourceTypeRow): readonly string[] {
  return [name, ...aliases]
}

/** Whether a text can be the name of a type. */
export function isTypeName(text: string): boolean {
  return text.length <= TYPE_NAME_CHARACTERS_MAX && TYPE_NAME_PATTERN.test(text)
}

/** Gives the rule that a name breaks which is neither registered nor in use. */
export function unknownTypeRule(types: ResourceTypes, name: string): Rule {
  return { name: 'resource-type', similar: similarName(name, types.names) }
}

/** Resolves the name of a type of any cloud, see `ResourceTypes.named`. Throws `request-invalid`. */
export function toResourceType(types: ResourceTypes, name: string, field: string): ResourceType {
  const type = types.named(name)
  if (type !== undefined) return type
  const spelled = types.spelledAs(name)
  if (spelled !== undefined) throw invalid(field, { name: 'resource-type', similar: spelled }, name)
  const actual = countCodePoints(name)
  if (actual > TYPE_NAME_CHARACTERS_MAX) {
    throw invalid(field, { name: 'characters-max', limit: TYPE_NAME_CHARACTERS_MAX, actual }, name)
  }
  throw invalid(field, charactersRule(name, TYPE_NAME_PATTERN, TYPE_NAME_ALLOWED), name)
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '').replace(/s$/, '')
}
