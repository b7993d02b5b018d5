import type { IndexState } from '../../src/search-index/index-state.ts'
import type { KernelMode } from '../../src/search-index/kernels/kernels.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'

/** What a snapshot of an index has: its state, written down, and the bytes of its memory. */
export type IndexSnapshot = { readonly state: string; readonly bytes: Uint8Array }

export function snapshotOf(index: TagIndex): IndexSnapshot {
  return { state: JSON.stringify(index.state()), bytes: index.memory.slice() }
}

/** An index made of a snapshot, and of nothing else. */
export function fromSnapshot({ state, bytes }: IndexSnapshot, kernels: KernelMode): TagIndex {
  const index = TagIndex.restore(JSON.parse(state) as IndexState, kernels)
  const { memory } = index
  if (memory.length !== bytes.length) throw new Error(`room for ${memory.length} bytes instead of ${bytes.length}`)
  memory.set(bytes)
  return index
}
