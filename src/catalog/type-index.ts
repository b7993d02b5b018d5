import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { IndexedResource } from '../core/resource.ts'
import { TagIndex } from '../search-index/tag-index.ts'

/** An index of at most so many resources is small: packing or unpacking it takes less than a millisecond. */
export const SMALL_SIZE_MAX = 64
/** Memory of the small indexes of a process that are not packed: those of some hundred tenants at work. */
export const SMALL_INDEXES_BYTES = 8 * 2 ** 20
/** Approximate size of the objects of an index, in addition to the memory of its arena. */
const INDEX_OBJECTS_BYTES = 8192
/** The same of a packed one, in addition to its text. */
const PACKED_OBJECTS_BYTES = 192
/** Shorter texts are not compressed: it would take longer than reading them. */
const COMPRESSED_CHARACTERS_MIN = 1024

/**
 * The small indexes of a process that are not packed, the least recently used first, limited in bytes: an estate of
 * sixty types has sixty indexes in every project, most of them small and idle.
 */
export class SmallIndexes {
  readonly #bytesMax: number
  readonly #bytesOf = new Map<TypeIndex, number>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Allocated bytes of all these indexes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Records a use, and packs others while there are too many. The index that was used is never packed. */
  use(used: TypeIndex, bytes: number): void {
    this.remove(used)
    this.#bytesOf.set(used, bytes)
    this.#bytes += bytes
    for (const other of this.#bytesOf.keys()) {
      if (this.#bytes <= this.#bytesMax || other === used) return
      this.remove(other)
      other.pack()
    }
  }

  /** Forgets an index, which stays unpacked. */
  remove(index: TypeIndex): void {
    this.#bytes -= this.#bytesOf.get(index) ?? 0
    this.#bytesOf.delete(index)
  }
}

/**
 * An index as it is packed: its resources as JSON, in order of creation. A longer text is compressed, and its bytes are
 * the characters of a string, which takes less memory than a small buffer.
 */
type Packed = { readonly text: string; readonly isCompressed: boolean; readonly size: number }

/**
 * The index of one type in one project. While it is small and idle it is packed, and a use unpacks it. Who holds the
 * `TagIndex` from before keeps a state that no later change reaches.
 */
export class TypeIndex {
  readonly #seed: number
  readonly #small: SmallIndexes
  #index: TagIndex | undefined
  #packed: Packed | undefined

  /** `index` is the first state; by default there are no resources. */
  constructor(seed: number, small: SmallIndexes, index = new TagIndex({ seed })) {
    this.#seed = seed
    this.#small = small
    this.#index = index
  }

  /** The number of resources. */
  get size(): number {
    return this.#packed?.size ?? this.#index?.size ?? 0
  }

  /** How many resources the next use has to unpack. */
  get packedSize(): number {
    return this.#packed?.size ?? 0
  }

  /** Approximate memory size in bytes. */
  get bytes(): number {
    if (this.#packed !== undefined) return PACKED_OBJECTS_BYTES + this.#packed.text.length
    return INDEX_OBJECTS_BYTES + (this.#index?.bytes ?? 0)
  }

  /** See `TagIndex.isWasteful`; a packed index has no slots of removed resources. */
  get isWasteful(): boolean {
    return this.#index?.isWasteful ?? false
  }

  /** Gives the index for use in this tick. */
  use(): TagIndex {
    if (this.#index === undefined) {
      this.#index = unpack(this.#packed as Packed, this.#seed)
      this.#packed = undefined
    }
    if (this.#index.slotCount <= SMALL_SIZE_MAX) this.#small.use(this, this.bytes)
    else this.#small.remove(this)
    return this.#index
  }

  /** Whether the index can be given up: it has no resources, and it is too small to be read over several ticks. */
  get isDisposable(): boolean {
    return this.size === 0 && (this.#index?.slotCount ?? 0) <= SMALL_SIZE_MAX
  }

  /** Gives the index up. It must not be used from then on. */
  dispose(): void {
    this.#small.remove(this)
  }

  /** Replaces the index by its packed form, unless it has grown since its last use. */
  pack(): void {
    const index = this.#index
    if (index === undefined || index.slotCount > SMALL_SIZE_MAX) return
    this.#packed = packed(index)
    this.#index = undefined
  }
}

function packed(index: TagIndex): Packed {
  const resources: unknown[] = []
  for (const slot of index.find({}, 0, index.size).slots) {
    const { id, name, detail, sequence, createdAtMs, updatedAtMs, tags } = index.view(slot)
    resources.push([
      id,
      name,
      detail,
      sequence,
      createdAtMs,
      updatedAtMs,
      tags.flatMap(({ key, value }) => [key, value]),
    ])
  }
  const text = JSON.stringify(resources)
  if (text.length < COMPRESSED_CHARACTERS_MIN) return { text, isCompressed: false, size: index.size }
  return { text: zstdCompressSync(text).toString('latin1'), isCompressed: true, size: index.size }
}

type PackedResource = [
  id: string,
  name: string,
  detail: string,
  sequence: number,
  createdAtMs: number,
  updatedAtMs: number,
  tags: readonly string[],
]

function unpack({ text, isCompressed }: Packed, seed: number): TagIndex {
  const index = new TagIndex({ seed })
  const json = isCompressed ? zstdDecompressSync(Buffer.from(text, 'latin1')).toString() : text
  for (const resource of JSON.parse(json) as readonly PackedResource[]) index.put(toResource(resource))
  return index
}

function toResource(packed: PackedResource): IndexedResource {
  const [id, name, detail, sequence, createdAtMs, updatedAtMs, texts] = packed
  const tags = []
  for (let i = 0; i < texts.length; i += 2) tags.push({ key: texts[i] as string, value: texts[i + 1] as string })
  return { id, name, detail, sequence, createdAtMs, updatedAtMs, tags }
}
