import type { ChangeRules } from './tag.ts'

/**
 * One row per resource type, in the order in which types are listed and exported. COMPAT: images are `images` in queries
 * of the tag service and `private_image` in its list of services (contract D16); databases are `gaussdb` in OTC's list.
 */
const ROWS = {
  images: { alias: 'private_image', changeRules: { tagsPerResourceMax: 10 } }, // S4
  instances: { alias: 'gaussdb', changeRules: { tagsPerResourceMax: 20 } }, // contract 3.2
} as const satisfies Record<string, { readonly alias: string; readonly changeRules: ChangeRules }>

/** The kinds of resources that can carry tags. */
export type ResourceType = keyof typeof ROWS

/** Every resource type, in the order in which they are listed and exported. */
export const RESOURCE_TYPES = Object.keys(ROWS) as readonly ResourceType[]

const TYPE_OF_NAME: ReadonlyMap<string, ResourceType> = new Map(
  RESOURCE_TYPES.flatMap((type) => [
    [type, type],
    [ROWS[type].alias, type],
  ]),
)

/** Every name of a resource type in requests: the types and their aliases. */
export const RESOURCE_TYPE_NAMES: readonly string[] = [...TYPE_OF_NAME.keys()]

/** Gives the resource type with a name or alias, case-sensitively; undefined when there is none. */
export function resourceTypeNamed(name: string): ResourceType | undefined {
  return TYPE_OF_NAME.get(name)
}

/** Gives the alias of a type. */
export function aliasOf(type: ResourceType): string {
  return ROWS[type].alias
}

/** Gives the rules that `decide` applies to changes of a type: always the same object. */
export function changeRulesOf(type: ResourceType): ChangeRules {
  return ROWS[type].changeRules
}
