import { Type } from 'typebox'
import type { IndexedResource } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-types.ts'

/** Schema of a resource in an answer. */
export const resourceMembers = {
  resource_type: Type.String(),
  resource_id: Type.String(),
  resource_name: Type.String(),
  resource_detail: Type.Object({}, { additionalProperties: true }),
  tags: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
}

/** A resource as JSON, after other members. The detail is inserted as is: it is JSON text already. */
export function resourceJson(
  type: ResourceType,
  { id, name, detail, tags }: Pick<IndexedResource, 'id' | 'name' | 'detail' | 'tags'>,
  others: Readonly<Record<string, string>> = {},
): string {
  const head = { ...others, resource_type: type, resource_id: id, resource_name: name }
  return `${JSON.stringify(head).slice(0, -1)},"resource_detail":${detail},"tags":${JSON.stringify(tags)}}`
}

/** Sums the numbers of several types. */
export function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}
