import { Assignments } from './assignments.ts'
import { NameIndex } from './name-index.ts'
import { Posting } from './posting.ts'
import type { Resource } from './resource.ts'
import type { SlotSet } from './slot-set.ts'
import type { Tag } from './tag.ts'
import { TagDictionary } from './tag-dictionary.ts'
import type { TagQuery } from './tag-query.ts'
import { search } from './tag-search.ts'

/** A resource as the index holds it. */
export type IndexedResource = Omit<Resource, 'type'>

/** Below this many slots of forgotten resources a rebuild is not worth it. */
const WASTE_MIN = 1024

/**
 * The resources of one type in one project, held so that tag queries are answered at once. Each resource has a slot;
 * slots follow the order of creation, so ascending slots are the order of answers (contract D9). It is a cache of the
 * store: it can be dropped and built again at any time.
 */
export class TagIndex {
  readonly dictionary = new TagDictionary()
  readonly names = new NameIndex()
  /** Every slot that holds a resource. */
  readonly live = new Posting()
  /** Every slot that holds a resource without tags. */
  readonly untagged = new Posting()
  readonly #slotOfId = new Map<string, number>()
  readonly #assignments = new Assignments()
  readonly #ids: string[] = []
  readonly #names: string[] = []
  readonly #details: string[] = []
  readonly #sequences: number[] = []
  readonly #createdAtMs: number[] = []
  readonly #updatedAtMs: number[] = []
  #isChronological = true

  /** How many resources it holds. */
  get size(): number {
    return this.live.count
  }

  /** How many slots were opened, those of forgotten resources included. */
  get slotCount(): number {
    return this.#ids.length
  }

  /** True while ascending slots are also ascending times of creation; a catalogue that was imported may be otherwise. */
  get isChronological(): boolean {
    return this.#isChronological
  }

  /** The slot of a resource, undefined when there is none of that id. */
  slotOf(id: string): number | undefined {
    return this.#slotOfId.get(id)
  }

  get(id: string): IndexedResource | undefined {
    const slot = this.#slotOfId.get(id)
    return slot === undefined ? undefined : this.at(slot)
  }

  /** The resource in a live slot. */
  at(slot: number): IndexedResource {
    return {
      id: this.#ids[slot]!,
      name: this.#names[slot]!,
      detail: this.#details[slot]!,
      sequence: this.#sequences[slot]!,
      createdAtMs: this.#createdAtMs[slot]!,
      updatedAtMs: this.#updatedAtMs[slot]!,
      tags: this.tagsAt(slot),
    }
  }

  /** The exact name of a live slot. */
  nameAt(slot: number): string {
    return this.#names[slot]!
  }

  /** When the resource of a live slot was created, milliseconds since 1970 UTC. */
  createdAtMs(slot: number): number {
    return this.#createdAtMs[slot]!
  }

  /** The tags of a live slot in the order in which they were first added. */
  tagsAt(slot: number): Tag[] {
    return Array.from(this.#assignments.of(slot), (id) => {
      const pair = this.dictionary.pair(id)
      return { key: pair.key.key, value: pair.value }
    })
  }

  /** Takes in a resource, or what became of one it holds. New resources must come in order of their sequence. */
  put(resource: IndexedResource): void {
    let slot = this.#slotOfId.get(resource.id)
    if (slot === undefined) slot = this.#open(resource)
    else if (this.#names[slot] !== resource.name) {
      this.names.close(slot)
      this.names.open(slot, resource.name)
      this.#names[slot] = resource.name
    }
    this.#details[slot] = resource.detail
    this.#updatedAtMs[slot] = resource.updatedAtMs
    this.#assign(slot, resource.tags)
  }

  /** Forgets a resource; nothing happens if it holds none of that id. */
  remove(id: string): void {
    const slot = this.#slotOfId.get(id)
    if (slot === undefined) return
    this.#assign(slot, [])
    this.untagged.remove(slot)
    this.live.remove(slot)
    this.names.close(slot)
    this.#slotOfId.delete(id)
    this.#ids[slot] = ''
    this.#names[slot] = ''
    this.#details[slot] = ''
  }

  /** Answers a query: exactly the resources for which `matches` is true. */
  find(query: TagQuery): SlotSet {
    return search(this, query)
  }

  /** True when more room is taken by what is gone than by what is there: time to build it again. */
  get isWasteful(): boolean {
    return this.slotCount - this.size > Math.max(WASTE_MIN, this.size)
  }

  #open(resource: IndexedResource): number {
    const slot = this.#ids.length
    this.#ids.push(resource.id)
    this.#names.push(resource.name)
    this.#details.push(resource.detail)
    this.#sequences.push(resource.sequence)
    this.#isChronological &&= slot === 0 || this.#createdAtMs[slot - 1]! <= resource.createdAtMs
    this.#createdAtMs.push(resource.createdAtMs)
    this.#updatedAtMs.push(resource.updatedAtMs)
    this.#slotOfId.set(resource.id, slot)
    this.#assignments.open()
    this.names.open(slot, resource.name)
    this.live.add(slot)
    this.untagged.add(slot)
    return slot
  }

  #assign(slot: number, tags: readonly Tag[]): void {
    const values = new Map(tags.map((tag) => [tag.key, tag.value]))
    const kept = new Map<string, number>()
    for (const id of this.#assignments.of(slot)) {
      const { key, value } = this.dictionary.pair(id)
      if (values.get(key.key) === value) kept.set(key.key, id)
      else this.dictionary.release(slot, id)
    }
    const ids = tags.map(({ key, value }) => kept.get(key) ?? this.dictionary.assign(slot, key, value))
    this.#assignments.replace(slot, ids)
    if (tags.length === 0) this.untagged.add(slot)
    else this.untagged.remove(slot)
  }
}
