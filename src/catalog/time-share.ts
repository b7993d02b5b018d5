/**
 * The share of the time that some work may take, as a token bucket: work that took more than its share and a burst rests
 * until the share has caught up.
 */
export class TimeShare {
  readonly #burstMs: number
  /** Until when the work has used its share. */
  #usedUntilMs = 0

  /** `burstMs`: how long work runs without a limit after it was idle. */
  constructor(burstMs: number) {
    this.#burstMs = burstMs
  }

  /** Charges work that began at `atMs`. `share`: above 0 and at most 1. */
  charge(atMs: number, tookMs: number, share: number): void {
    this.#usedUntilMs = Math.max(this.#usedUntilMs, atMs) + tookMs / share
  }

  /** How much of the burst is used; more than the burst while work rests. */
  usedMs(nowMs: number, share: number): number {
    return Math.max(0, this.#usedUntilMs - nowMs) * share
  }

  /** Until when the work rests. */
  restEndMs(share: number): number {
    return this.#usedUntilMs - this.#burstMs / share
  }
}
