import type { ChangeRules } from './tag.ts'

/** One row per resource type, in the order in which types are listed and exported. */
const ROWS = {
  images: { changeRules: { tagsPerResourceMax: 10 } }, // S4
  instances: { changeRules: { tagsPerResourceMax: 20 } }, // contract 3.2
} as const satisfies Record<string, { readonly changeRules: ChangeRules }>

/** The kinds of resources that can carry tags. */
export type ResourceType = keyof typeof ROWS

/** Every resource type, in the order in which they are listed and exported. */
export const RESOURCE_TYPES = Object.keys(ROWS) as readonly ResourceType[]

/** Says whether a text names a resource type. */
export function isResourceType(text: string): text is ResourceType {
  return Object.hasOwn(ROWS, text)
}

/** Gives the rules that `decide` applies to changes of a type: always the same object. */
export function changeRulesOf(type: ResourceType): ChangeRules {
  return ROWS[type].changeRules
}
