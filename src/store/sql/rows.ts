import type { ProjectUsage } from '../../core/project-quota.ts'
import type { ResourceState } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { Tag } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import { DamagedRow } from '../damaged-row.ts'
import type { Change, StoredResource } from '../store.ts'
import type { Row } from './sql.ts'

/** Serializes tags for a column, as a JSON array of pairs in order. */
export function tagsToText(tags: ResourceState['tags']): string {
  return JSON.stringify(tags.map((tag) => [tag.key, tag.value]))
}

/** Parses the text of `tagsToText`. Throws for any other text. */
export function textToTags(text: string): ResourceState['tags'] {
  // Without escapes each quote starts or ends a text. Scanning for quotes takes a third of the time of JSON.parse, and
  // parsing tags is a large part of loading an index.
  if (text.includes('\\') || !text.startsWith('[') || !text.endsWith(']')) return parseTags(text)
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
  const pairs = JSON.parse(text) as readonly (readonly [unknown, unknown])[]
  return pairs.map(([key, value]) => {
    if (typeof key !== 'string' || typeof value !== 'string') throw new Error('a tag is not a pair of texts')
    return { key, value }
  })
}

/** Details that were found to be JSON objects. Most resources share one of a few. */
const soundDetails = new Set<string>()
const SOUND_DETAILS_MAX = 1000

/** Returns the text of a detail. Throws unless it is a JSON object: answers contain it as it is. */
function readDetail(text: string): string {
  if (soundDetails.has(text)) return text
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new Error('the detail is not a JSON object')
  if (soundDetails.size >= SOUND_DETAILS_MAX) soundDetails.clear()
  soundDetails.add(text)
  return text
}

/** Returns a number of milliseconds, or a count. Throws for any other value. */
function readInteger(value: Row[string] | undefined): number {
  const number = Number(value)
  if (value === null || !Number.isSafeInteger(number)) throw new Error(`${value} is not a whole number`)
  return number
}

/** Throws when the content of the row makes no sense. */
export function toState(row: Row): ResourceState {
  return { name: String(row.name), detail: readDetail(String(row.detail)), tags: textToTags(String(row.tags)) }
}

/** Throws when the joined row of the change log is not the last change of a resource. */
export function throwIfNotLogged(row: Row): void {
  if (row.logged_id === row.resource_id && row.logged_type === row.resource_type && row.tags !== null) return
  throw new Error(`change ${row.revision} of the log is not the last one of the resource`)
}

/** Throws a DamagedRow when the content of the row makes no sense. */
export function toResource(row: Row): StoredResource {
  try {
    throwIfNotLogged(row)
    // Without a call of toState, because this runs a million times when a large index is loaded.
    return {
      name: String(row.name),
      detail: readDetail(String(row.detail)),
      tags: textToTags(String(row.tags)),
      type: row.resource_type as ResourceType,
      id: String(row.resource_id),
      sequence: Number(row.sequence),
      revision: Number(row.revision),
      createdAtMs: readInteger(row.created_at_ms ?? row.at_ms),
      updatedAtMs: readInteger(row.at_ms),
    }
  } catch (error) {
    throw new DamagedRow(`${row.resource_type} ${row.resource_id}`, undefined, error)
  }
}

/** Throws a DamagedRow when the content of the row makes no sense. */
export function toChange(row: Row): Change {
  try {
    return readChange(row)
  } catch (error) {
    throw new DamagedRow(`${row.resource_type} ${row.resource_id}`, Number(row.revision), error)
  }
}

function readChange(row: Row): Change {
  return {
    revision: Number(row.revision),
    kind: row.kind as TagChange['kind'],
    type: row.resource_type as ResourceType,
    id: String(row.resource_id),
    sequence: Number(row.sequence),
    // Changes of the first schema version lack the creation time; it was the time of the resource's first change.
    createdAtMs: readInteger(row.created_at_ms ?? row.at_ms),
    after: row.tags === null ? undefined : toState(row),
    actor: String(row.actor),
    requestId: String(row.request_id),
    atMs: readInteger(row.at_ms),
    priorRevision: row.prior_revision === null ? undefined : readInteger(row.prior_revision),
    cause: row.cause === null ? undefined : String(row.cause),
  }
}

/** The usage in a row of `project_state`; none for a project that was never written. */
export function toUsage(row: Row | undefined): ProjectUsage {
  return { resources: Number(row?.resource_count ?? 0), detailBytes: Number(row?.detail_bytes ?? 0) }
}
