/** The kinds of resources that can carry tags. */
export type ResourceType = 'images' | 'instances'

/** How many tags a resource may carry: 10 on an image (S4), 20 on a database instance (contract 3.2). */
export const TAGS_PER_RESOURCE_MAX: Readonly<Record<ResourceType, number>> = { images: 10, instances: 20 }

/** Every resource type, in the order in which they are listed and exported. */
export const RESOURCE_TYPES = Object.keys(TAGS_PER_RESOURCE_MAX) as readonly ResourceType[]

/** Says whether a text names a resource type. */
export function isResourceType(text: string): text is ResourceType {
  return Object.hasOwn(TAGS_PER_RESOURCE_MAX, text)
}
