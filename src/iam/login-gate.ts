import { DomainError } from '../core/errors.ts'
import { clientNetwork } from './client-network.ts'

/**
 * Password checks under way at once. One less than the four threads that Node has for such work, so that one is always
 * free to check the signature of a token.
 */
const RUNNING_MAX = 3
/** Password checks that may wait, in all and from one origin. */
const WAITING_MAX = 64
const WAITING_PER_ORIGIN_MAX = 16

type Waiter = { readonly start: () => void; readonly refuse: (error: DomainError) => void }

/**
 * Lets only so many password checks run at a time, and refuses those that would have to wait too long. Origins take turns,
 * and when there is no place left, the origin with the most waiters gives one up: a flood from a few places does not keep
 * out the others.
 */
export class LoginGate {
  #running = 0
  #waiting = 0
  /** Waiters of each origin, first come first; the origin whose turn it is comes first. */
  readonly #queues = new Map<string, Waiter[]>()

  /** Runs a check when it is its turn. Throws `overloaded` when too many wait already. */
  async pass<T>(address: string, check: () => Promise<T>): Promise<T> {
    if (this.#running >= RUNNING_MAX) await this.#wait(clientNetwork(address))
    else this.#running++
    try {
      return await check()
    } finally {
      // The place goes to the next in line without becoming free in between.
      const next = this.#next()
      if (next === undefined) this.#running--
      else next.start()
    }
  }

  async #wait(origin: string): Promise<void> {
    const queue = this.#queues.get(origin) ?? []
    if (queue.length >= WAITING_PER_ORIGIN_MAX) throw overloaded()
    if (this.#waiting >= WAITING_MAX) this.#makeRoom(queue.length)
    await new Promise<void>((start, refuse) => {
      queue.push({ start, refuse })
      this.#queues.set(origin, queue)
      this.#waiting++
    })
  }

  /** Takes the place of the last waiter of the greatest origin, if that has at least two more than the newcomer's. */
  #makeRoom(ownLength: number): void {
    const longest = [...this.#queues.values()].reduce((a, b) => (b.length > a.length ? b : a))
    if (longest.length < ownLength + 2) throw overloaded()
    longest.pop()?.refuse(overloaded())
    this.#waiting--
  }

  #next(): Waiter | undefined {
    const [turn] = this.#queues
    if (turn === undefined) return undefined
    const [origin, queue] = turn
    const waiter = queue.shift()
    this.#waiting--
    this.#queues.delete(origin)
    if (queue.length > 0) this.#queues.set(origin, queue)
    return waiter
  }
}

function overloaded(): DomainError {
  return new DomainError('overloaded', { retryAfterSeconds: 1 })
}
