import type { Resource, ResourceState } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-type.ts'
import type { TagChange } from '../core/tag-change.ts'
import type { Row } from './sql.ts'
import type { Change, Domain, Project, RoleAssignment, User } from './store.ts'

/** Tags as they stand in a column: pairs in order, without the names of members. */
export function tagsToText(tags: ResourceState['tags']): string {
  return JSON.stringify(tags.map((tag) => [tag.key, tag.value]))
}

function textToTags(text: string): ResourceState['tags'] {
  return (JSON.parse(text) as [string, string][]).map(([key, value]) => ({ key, value }))
}

export function toState(row: Row): ResourceState {
  return { name: String(row.name), detail: String(row.detail), tags: textToTags(String(row.tags)) }
}

export function toResource(row: Row): Resource {
  return {
    ...toState(row),
    type: row.resource_type as ResourceType,
    id: String(row.resource_id),
    sequence: Number(row.sequence),
  }
}

export function toChange(row: Row): Change {
  return {
    revision: Number(row.revision),
    kind: row.kind as TagChange['kind'],
    type: row.resource_type as ResourceType,
    id: String(row.resource_id),
    sequence: Number(row.sequence),
    after: row.tags === null ? undefined : toState(row),
    actor: String(row.actor),
    requestId: String(row.request_id),
    atMs: Number(row.at_ms),
  }
}

export function toDomain(row: Row): Domain {
  return { id: String(row.domain_id), name: String(row.name) }
}

export function toProject(row: Row): Project {
  return {
    id: String(row.project_id),
    domainId: String(row.domain_id),
    name: String(row.name),
    description: String(row.description),
    enabled: Number(row.enabled) === 1,
  }
}

export function toUser(row: Row): User {
  return {
    id: String(row.user_id),
    domainId: String(row.domain_id),
    name: String(row.name),
    passwordHash: String(row.password_hash),
    enabled: Number(row.enabled) === 1,
  }
}

export function toAssignment(row: Row): RoleAssignment {
  return {
    userId: String(row.user_id),
    scope: row.scope as RoleAssignment['scope'],
    scopeId: String(row.scope_id),
    role: String(row.role),
  }
}
