import { DomainError } from '../core/errors.ts'

/**
 * Password checks under way at once. One less than the four threads that Node has for such work, so that one is always
 * free to check the signature of a token.
 */
const RUNNING_MAX = 3
/** Password checks that may wait, in all and from one address: a flood from one place must not keep out the others. */
const WAITING_MAX = 64
const WAITING_PER_ADDRESS_MAX = 16

/** Lets only so many password checks run at a time, and refuses those that would have to wait too long. */
export class LoginGate {
  #running = 0
  readonly #waiting: { readonly address: string; readonly start: () => void }[] = []

  /** Runs a check when it is its turn. Throws `overloaded` when too many wait already. */
  async pass<T>(address: string, check: () => Promise<T>): Promise<T> {
    if (this.#running >= RUNNING_MAX) await this.#wait(address)
    else this.#running++
    try {
      return await check()
    } finally {
      // The place goes to the next in line without becoming free in between.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next.start()
    }
  }

  #wait(address: string): Promise<void> {
    const fromThere = this.#waiting.filter((other) => other.address === address).length
    if (this.#waiting.length >= WAITING_MAX || fromThere >= WAITING_PER_ADDRESS_MAX) {
      throw new DomainError('overloaded', { retryAfterSeconds: 1 })
    }
    return new Promise((resolve) => this.#waiting.push({ address, start: resolve }))
  }
}
