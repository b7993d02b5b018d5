import type { ResourceType } from './resource-type.ts'
import type { Tag } from './tag.ts'

/** What can change about a resource. Tags stand in the order in which they were first added. */
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
  /** Place in the project's order of creation. Never reused: a resource deleted and made again gets a new one. */
  readonly sequence: number
  /** Milliseconds since 1970 UTC. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A resource as the index holds it. */
export type IndexedResource = Omit<Resource, 'type'>

/** Gives what a view shows now, to be kept. */
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
