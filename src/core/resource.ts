import type { ResourceType } from './resource-types.ts'
import type { Tag } from './tag.ts'

/** The mutable part of a resource. Tags are in the order in which their keys were first added. */
export type ResourceState = {
  readonly name: string
  /** The detail object as JSON text. */
  readonly detail: string
  readonly tags: readonly Tag[]
}

/** A resource of one project. */
export type Resource = ResourceState & {
  readonly type: ResourceType
  readonly id: string
  /** Position in the project's order of creation. Never reused: a resource that is created again gets a new one. */
  readonly sequence: number
  /** Milliseconds since 1970 UTC. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A resource as stored in the index of its type. */
export type IndexedResource = Omit<Resource, 'type'>

/** Copies a resource out of a lazy view, which is valid only until the index changes. */
export function copyOf({
  id,
  name,
  detail,
  sequence,
  createdAtMs,
  updatedAtMs,
  tags,
}: IndexedResource): IndexedResource {
  return { id, name, detail, sequence, createdAtMs, updatedAtMs, tags }
}
