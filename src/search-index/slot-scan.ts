import { copyOf, type IndexedResource } from '../core/resource.ts'

export type SlotScanOptions = {
  /** The slots to visit, ascending or descending. */
  readonly slots: Uint32Array
  readonly isDescending: boolean
  readonly view: (slot: number) => IndexedResource
  readonly matches: (resource: IndexedResource) => boolean
  readonly onClose: () => void
}

/** The resource of a changed slot before the change; undefined when it does not match. */
type Kept = { readonly resource: IndexedResource | undefined } | { readonly error: unknown }

/**
 * Visits slots one by one, each as it was when the scan began: before a slot changes that is not visited yet, the index
 * has the scan keep a copy of it.
 */
export class SlotScan {
  readonly #options: SlotScanOptions
  readonly #kept = new Map<number, Kept>()
  /** Index of the next slot to visit. */
  #next = 0

  constructor(options: SlotScanOptions) {
    this.#options = options
  }

  get isDone(): boolean {
    return this.#next >= this.#options.slots.length
  }

  /** The number of copies that are kept now. */
  get keptCount(): number {
    return this.#kept.size
  }

  /** Visits the next slot. Gives its resource, valid until the index changes; undefined when it does not match. */
  next(): IndexedResource | undefined {
    const { slots, view, matches } = this.#options
    const index = this.#next++
    const kept = this.#kept.get(index)
    if (kept === undefined) {
      const resource = view(slots[index]!)
      return matches(resource) ? resource : undefined
    }
    this.#kept.delete(index)
    if ('error' in kept) throw kept.error
    return kept.resource
  }

  /** Ends the scan. */
  close(): void {
    this.#options.onClose()
  }

  /** Keeps a slot that is about to change, unless it is visited already. Never throws. */
  beforeChange(slot: number): void {
    const index = this.#indexOf(slot)
    if (index === undefined || index < this.#next || this.#kept.has(index)) return
    this.#kept.set(index, this.#keep(slot))
  }

  #keep(slot: number): Kept {
    const { view, matches } = this.#options
    try {
      const resource = view(slot)
      return { resource: matches(resource) ? copyOf(resource) : undefined }
    } catch (error) {
      // The reader gets it: the change of the index must not fail for it.
      return { error }
    }
  }

  #indexOf(slot: number): number | undefined {
    const { slots, isDescending } = this.#options
    let low = 0
    let high = slots.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = slots[middle]!
      if (other === slot) return middle
      if (other < slot !== isDescending) low = middle + 1
      else high = middle
    }
    return undefined
  }
}
