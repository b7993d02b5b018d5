import type { Clock } from '../core/clock.ts'

/** Names that are remembered for their failures. */
const NAMES_MAX = 10_000

type Count = { failures: number; lockedUntilMs: number }

/** Keeps a name out for a while after a number of failures in a row. */
export class Lockout {
  readonly #clock: Clock
  readonly #failuresMax: number
  readonly #lockedMs: number
  readonly #counts = new Map<string, Count>()

  constructor(clock: Clock, { failuresMax, lockedMs }: { readonly failuresMax: number; readonly lockedMs: number }) {
    this.#clock = clock
    this.#failuresMax = failuresMax
    this.#lockedMs = lockedMs
  }

  /** Whole seconds until a name may try again; 0 when it may. */
  secondsLeft(name: string): number {
    const left = (this.#counts.get(name)?.lockedUntilMs ?? 0) - this.#clock()
    return left > 0 ? Math.ceil(left / 1000) : 0
  }

  succeeded(name: string): void {
    this.#counts.delete(name)
  }

  failed(name: string): void {
    const count = this.#counts.get(name) ?? { failures: 0, lockedUntilMs: 0 }
    // Set anew, so that the one that failed longest ago is the first to be forgotten.
    this.#counts.delete(name)
    this.#counts.set(name, count)
    if (this.#counts.size > NAMES_MAX) this.#counts.delete(this.#counts.keys().next().value as string)
    count.failures++
    if (count.failures < this.#failuresMax) return
    count.failures = 0
    count.lockedUntilMs = this.#clock() + this.#lockedMs
  }
}
