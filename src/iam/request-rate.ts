import type { MonotonicClock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import { BoundedMap } from './bounded-map.ts'
import { type Scope, scopeId } from './principal.ts'
import { ENTRIES_MAX } from './revision-cache.ts'

/** Requests that are accepted at once after a pause, in seconds of the rate. */
const BURST_SECONDS = 2

type Bucket = { tokens: number; atMs: number }

/** Limits the requests per second of each project, and of each domain for requests with its own scope. */
export class RequestRate {
  readonly #clock: MonotonicClock
  readonly #limitOf: (project: string) => Promise<number>
  readonly #buckets = new BoundedMap<Bucket>(ENTRIES_MAX)

  /** `limitOf` gives the limit of a project, 0 for none; a domain has the limit of an unknown project. */
  constructor(clock: MonotonicClock, limitOf: (project: string) => Promise<number>) {
    this.#clock = clock
    this.#limitOf = limitOf
  }

  /** Counts a request. Throws `throttled` above the limit. */
  async count(scope: Scope): Promise<void> {
    const id = scopeId(scope)
    const perSecond = await this.#limitOf(id)
    if (perSecond === 0) return
    const nowMs = this.#clock()
    const bucket = this.#buckets.get(id) ?? { tokens: perSecond * BURST_SECONDS, atMs: nowMs }
    this.#buckets.set(id, bucket)
    const refilled = bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond
    bucket.tokens = Math.min(refilled, perSecond * BURST_SECONDS)
    bucket.atMs = nowMs
    if (bucket.tokens < 1) throw new DomainError('throttled', { retryAfterSeconds: 1 })
    bucket.tokens--
  }
}
