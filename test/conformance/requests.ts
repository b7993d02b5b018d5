import type { ResourceType } from '../../src/core/resource-types.ts'
import type { TagChange } from '../../src/core/tag-change.ts'
import type { Change, TagStore, Verdict, WriteRequest } from '../../src/store/store.ts'

/** One object for all requests, as the catalog passes it. */
const RULES = { tagsPerResourceMax: 10 }

/** Builds a request with defaults, so that a test states only what matters to it. */
export function request(id: string, change: TagChange, more: Partial<WriteRequest> = {}): WriteRequest {
  return {
    type: 'images',
    id,
    change,
    rules: RULES,
    actor: 'user',
    requestId: 'request',
    atMs: 1000,
    ...more,
  }
}

/** Registers a resource with tags given as `key=value`. */
export function register(id: string, ...tags: string[]): WriteRequest {
  return request(id, { kind: 'register', state: { name: `name of ${id}`, detail: '{}', tags: tags.map(toTag) } })
}

/** Sets tags given as `key=value`. */
export function setTags(id: string, ...tags: string[]): WriteRequest {
  return request(id, { kind: 'set-tags', tags: tags.map(toTag) })
}

export function remove(id: string): WriteRequest {
  return request(id, { kind: 'delete' })
}

export function toTag(text: string): { key: string; value: string } {
  const [key = '', value = ''] = text.split('=')
  return { key, value }
}

/** All resources of a project, with tags as `key=value`, in the order of a scan. */
export async function contentsOf(store: TagStore, project: string, types: readonly ResourceType[] = ['images']) {
  const { revision, batches } = await store.scan(project, types)
  const resources: { id: string; sequence: number; tags: string[] }[] = []
  for await (const batch of batches) {
    for (const { id, sequence, tags } of batch) {
      resources.push({ id, sequence, tags: tags.map(({ key, value }) => `${key}=${value}`) })
    }
  }
  return { revision, resources }
}

/** Abbreviates verdicts, such as `created@1`. */
export function inShort(verdicts: readonly Verdict[]): string[] {
  return verdicts.map((verdict) => {
    const effect = verdict.outcome === 'changed' ? (verdict.created ? 'created' : 'changed') : verdict.outcome
    return `${effect}@${verdict.revision}`
  })
}

/** Abbreviates changes, such as `1 register i1`. */
export function logInShort(changes: readonly Change[]): string[] {
  return changes.map(({ revision, kind, id }) => `${revision} ${kind} ${id}`)
}
