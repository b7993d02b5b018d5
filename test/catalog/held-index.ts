import { ProjectIndex } from '../../src/catalog/project-index.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { Tag } from '../../src/core/tag.ts'
import type { Change } from '../../src/store/store.ts'

/** A resource with tags; its name and detail are empty. */
export type Held = { readonly type: ResourceType; readonly id: string; readonly tags: readonly Tag[] }

/** The change that registers a resource. */
export function changeOf({ type, id, tags }: Held, revision: number): Change {
  const after = { name: '', detail: '{}', tags }
  const times = { createdAtMs: 0, atMs: 0, actor: '', requestId: '', priorRevision: undefined, cause: undefined }
  return { revision, kind: 'register', type, id, sequence: revision, after, ...times }
}

/** An index of resources, each registered at a revision of its own. */
export async function indexOf(held: readonly Held[]): Promise<ProjectIndex> {
  const index = new ProjectIndex({ seed: 0 })
  await index.apply(held.map((one, i) => changeOf(one, i + 1)))
  return index
}
