import type { Resource, ResourceState } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-type.ts'
import type { TagChange } from '../core/tag-change.ts'
import type { Row } from './sql.ts'
import type { Change } from './store.ts'

/** Tags as they stand in a column: pairs in order, without the names of members. */
export function tagsToText(tags: ResourceState['tags']): string {
  return JSON.stringify(tags.map((tag) => [tag.key, tag.value]))
}

/** The tags that `tagsToText` gave the text of. */
export function textToTags(text: string): ResourceState['tags'] {
  return (JSON.parse(text) as [string, string][]).map(([key, value]) => ({ key, value }))
}

export function toState(row: Row): ResourceState {
  return { name: String(row.name), detail: String(row.detail), tags: textToTags(String(row.tags)) }
}

export function toResource(row: Row): Resource {
  // Written out: an index of a million resources is loaded through here.
  return {
    name: String(row.name),
    detail: String(row.detail),
    tags: textToTags(String(row.tags)),
    type: row.resource_type as ResourceType,
    id: String(row.resource_id),
    sequence: Number(row.sequence),
    createdAtMs: Number(row.created_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
  }
}

export function toChange(row: Row): Change {
  return {
    revision: Number(row.revision),
    kind: row.kind as TagChange['kind'],
    type: row.resource_type as ResourceType,
    id: String(row.resource_id),
    sequence: Number(row.sequence),
    // Changes of the first schema do not say; no resource of theirs was older than its first change.
    createdAtMs: Number(row.created_at_ms ?? row.at_ms),
    after: row.tags === null ? undefined : toState(row),
    actor: String(row.actor),
    requestId: String(row.request_id),
    atMs: Number(row.at_ms),
  }
}
