import { U32List } from './u32-list.ts'

/**
 * Which pairs each slot carries, in the order in which its tags were added: one flat list of pair numbers, with the
 * start and the length of each slot's run. A run that outgrows its place moves to the end; what it leaves behind
 * is squeezed out when it makes up half of the list.
 */
export class Assignments {
  readonly #starts = new U32List()
  readonly #lengths = new U32List()
  readonly #capacities = new U32List()
  #items = new U32List(64)
  #wasted = 0

  /** The pair numbers of a slot; valid until the next change. */
  of(slot: number): Uint32Array {
    const start = this.#starts.at(slot)
    return this.#items.view().subarray(start, start + this.#lengths.at(slot))
  }

  /** Opens the next slot, without pairs. */
  open(): void {
    this.#starts.push(this.#items.length)
    this.#lengths.push(0)
    this.#capacities.push(0)
  }

  /** Replaces all pair numbers of a slot. */
  replace(slot: number, pairIds: readonly number[]): void {
    const capacity = this.#capacities.at(slot)
    if (pairIds.length > capacity) {
      this.#wasted += capacity
      this.#starts.put(slot, this.#items.length)
      this.#capacities.put(slot, pairIds.length)
      for (const id of pairIds) this.#items.push(id)
    } else {
      const start = this.#starts.at(slot)
      for (const [i, id] of pairIds.entries()) this.#items.put(start + i, id)
    }
    this.#lengths.put(slot, pairIds.length)
    if (this.#wasted * 2 > this.#items.length) this.#squeeze()
  }

  #squeeze(): void {
    const squeezed = new U32List(this.#items.length)
    for (let slot = 0; slot < this.#starts.length; slot++) {
      const run = this.of(slot)
      this.#starts.put(slot, squeezed.length)
      this.#capacities.put(slot, run.length)
      for (const id of run) squeezed.push(id)
    }
    this.#items = squeezed
    this.#wasted = 0
  }
}
