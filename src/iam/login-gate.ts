import { DomainError } from '../core/errors.ts'
import { clientNetwork } from './client-network.ts'

/**
 * Concurrent password checks. One less than the four threads of Node's thread pool, so that one thread is always free to
 * verify the signature of a token.
 */
const RUNNING_MAX = 3
/** Password checks in the queue, in total and per client network. */
const WAITING_MAX = 64
const WAITING_PER_NETWORK_MAX = 16

type Waiter = { readonly start: () => void; readonly refuse: (error: DomainError) => void }

/**
 * A semaphore for password checks with one queue per client network. The queues are served round-robin. When the gate is
 * full, a waiter of the longest queue is evicted for a newcomer with a shorter one, so that a flood of logins from a few
 * networks does not lock out the others.
 */
export class LoginGate {
  #running = 0
  #waiting = 0
  /** Waiters by client network, in order of arrival; the first network is served next. */
  readonly #queues = new Map<string, Waiter[]>()

  /** Runs a check when the semaphore admits it. Throws `overloaded` when the queue is full. */
  async pass<T>(address: string, check: () => Promise<T>): Promise<T> {
    if (this.#running >= RUNNING_MAX) await this.#wait(clientNetwork(address))
    else this.#running++
    try {
      return await check()
    } finally {
      // The permit passes to the next waiter directly, so that a new caller cannot take it in between.
      const next = this.#dequeue()
      if (next === undefined) this.#running--
      else next.start()
    }
  }

  async #wait(network: string): Promise<void> {
    const queue = this.#queues.get(network) ?? []
    if (queue.length >= WAITING_PER_NETWORK_MAX) throw overloaded()
    if (this.#waiting >= WAITING_MAX) this.#evictFromLongest(queue.length)
    await new Promise<void>((start, refuse) => {
      queue.push({ start, refuse })
      this.#queues.set(network, queue)
      this.#waiting++
    })
  }

  /** Evicts the last waiter of the longest queue, if that queue has at least two more waiters than the newcomer's. */
  #evictFromLongest(ownLength: number): void {
    const longest = [...this.#queues.values()].reduce((a, b) => (b.length > a.length ? b : a))
    if (longest.length < ownLength + 2) throw overloaded()
    longest.pop()?.refuse(overloaded())
    this.#waiting--
  }

  #dequeue(): Waiter | undefined {
    const [first] = this.#queues
    if (first === undefined) return undefined
    const [network, queue] = first
    const waiter = queue.shift()
    this.#waiting--
    // Moves the network to the end of the round.
    this.#queues.delete(network)
    if (queue.length > 0) this.#queues.set(network, queue)
    return waiter
  }
}

function overloaded(): DomainError {
  return new DomainError('overloaded', { retryAfterSeconds: 1 })
}
