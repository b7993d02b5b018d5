import type { Resource, ResourceState } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import type { Tag } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { Change } from '../store.ts'
import type { Row } from './sql.ts'

/** Serializes tags for a column, as a JSON array of pairs in order. */
export function tagsToText(tags: ResourceState['tags']): string {
  return JSON.stringify(tags.map((tag) => [tag.key, tag.value]))
}

/** Parses the text of `tagsToText`. Throws for any other text. */
export function textToTags(text: string): ResourceState['tags'] {
  // Without escapes each quote starts or ends a text. Scanning for quotes takes a third of the time of JSON.parse, and
  // parsing tags is a large part of loading an index.
  if (text.includes('\\')) return parseTags(text)
  const tags: Tag[] = []
  for (let start = text.indexOf('"'); start >= 0; ) {
    const keyEnd = text.indexOf('"', start + 1)
    const valueStart = text.indexOf('"', keyEnd + 1)
    const valueEnd = text.indexOf('"', valueStart + 1)
    if (keyEnd < 0 || valueStart <= keyEnd || valueEnd <= valueStart) return parseTags(text)
    tags.push({ key: text.slice(start + 1, keyEnd), value: text.slice(valueStart + 1, valueEnd) })
    start = text.indexOf('"', valueEnd + 1)
  }
  return tags.length > 0 ? tags : parseTags(text)
}

function parseTags(text: string): ResourceState['tags'] {
  return (JSON.parse(text) as [string, string][]).map(([key, value]) => ({ key, value }))
}

export function toState(row: Row): ResourceState {
  return { name: String(row.name), detail: String(row.detail), tags: textToTags(String(row.tags)) }
}

export function toResource(row: Row): Resource {
  // Without a call of toState, because this runs a million times when a large index is loaded.
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
    // Changes of the first schema version lack the creation time; it was the time of the resource's first change.
    createdAtMs: Number(row.created_at_ms ?? row.at_ms),
    after: row.tags === null ? undefined : toState(row),
    actor: String(row.actor),
    requestId: String(row.request_id),
    atMs: Number(row.at_ms),
  }
}
