import type { MonotonicClock } from '../core/clock.ts'
import { BoundedMap } from './bounded-map.ts'

/** Counters in memory; the counter without a failure for the longest time is evicted. */
const COUNTERS_MAX = 10_000

type Counter = { failures: number; lockedUntilMs: number | undefined }

/** Locks a name for a time after a number of consecutive failures. */
export class Lockout {
  readonly #clock: MonotonicClock
  readonly #failuresMax: number
  readonly #lockedMs: number
  readonly #counters = new BoundedMap<Counter>(COUNTERS_MAX)

  constructor(
    clock: MonotonicClock,
    { failuresMax, lockedMs }: { readonly failuresMax: number; readonly lockedMs: number },
  ) {
    this.#clock = clock
    this.#failuresMax = failuresMax
    this.#lockedMs = lockedMs
  }

  /** Gives the whole seconds until a name is unlocked; 0 when it is not locked. */
  secondsLeft(name: string): number {
    const lockedUntilMs = this.#counters.get(name)?.lockedUntilMs
    return lockedUntilMs === undefined ? 0 : Math.max(0, Math.ceil((lockedUntilMs - this.#clock()) / 1000))
  }

  /** Unlocks all names and forgets their failures. */
  clear(): void {
    this.#counters.clear()
  }

  succeeded(name: string): void {
    this.#counters.delete(name)
  }

  /** Counts a failure. Returns whether that has locked the name. */
  failed(name: string): boolean {
    const counter = this.#counters.get(name) ?? { failures: 0, lockedUntilMs: undefined }
    // Deleted and inserted again, so that the map evicts in the order of the last failure.
    this.#counters.delete(name)
    this.#counters.set(name, counter)
    counter.failures++
    if (counter.failures < this.#failuresMax) return false
    counter.failures = 0
    counter.lockedUntilMs = this.#clock() + this.#lockedMs
    return true
  }
}
