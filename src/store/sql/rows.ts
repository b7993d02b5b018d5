import type { Resource, ResourceState } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import type { Tag } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { Change } from '../store.ts'
import type { Row } from './sql.ts'

/** Tags as they stand in a column: pairs in order, without the names of members. */
export function tagsToText(tags: ResourceState['tags']): string {
  return JSON.stringify(tags.map((tag) => [tag.key, tag.value]))
}

/** The tags that `tagsToText` gave the text of. Throws for what is no such text. */
export function textToTags(text: string): ResourceState['tags'] {
  // Without an escape each quote begins or ends a text. Read so, it takes a third of the time, which is much of what
  // loading an index takes.
  if (text.includes('\\')) return parsed(text)
  const tags: Tag[] = []
  for (let start = text.indexOf('"'); start >= 0; ) {
    const keyEnd = text.indexOf('"', start + 1)
    const valueStart = text.indexOf('"', keyEnd + 1)
    const valueEnd = text.indexOf('"', valueStart + 1)
    if (keyEnd < 0 || valueStart <= keyEnd || valueEnd <= valueStart) return parsed(text)
    tags.push({ key: text.slice(start + 1, keyEnd), value: text.slice(valueStart + 1, valueEnd) })
    start = text.indexOf('"', valueEnd + 1)
  }
  return tags.length > 0 ? tags : parsed(text)
}

function parsed(text: string): ResourceState['tags'] {
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
