import type { ChangeRules } from './tag.ts'

/** The kinds of resources that can carry tags. */
export type ResourceType = 'images' | 'instances'

/** The rules for changes of a type: 10 tags on an image (S4), 20 on a database instance (contract 3.2). */
export const CHANGE_RULES: Readonly<Record<ResourceType, ChangeRules>> = {
  images: { tagsPerResourceMax: 10 },
  instances: { tagsPerResourceMax: 20 },
}

/** Every resource type, in the order in which they are listed and exported. */
export const RESOURCE_TYPES = Object.keys(CHANGE_RULES) as readonly ResourceType[]

/** Says whether a text names a resource type. */
export function isResourceType(text: string): text is ResourceType {
  return Object.hasOwn(CHANGE_RULES, text)
}
