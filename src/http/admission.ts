import { DomainError } from '../core/errors.ts'
import { type Principal, scopeId } from '../iam/principal.ts'

/** Gives requests their turns on the event loop; see `Turns`. */
export type RequestTurns = {
  /** A request arrived whose caller is not known yet. */
  arrived(): void
  /** Gives undefined if a request of an owner, sent by a user, may begin at once, or else a promise of its turn. */
  begin(owner: string, user: string): Promise<void> | undefined
}

const RETRY_AFTER_SECONDS = 1

/** Admits requests: each project, and each domain with its own scope, has a limit of requests in flight and takes turns. */
export class Admission {
  readonly #turns: RequestTurns
  readonly #limitOf: (project: string) => Promise<number>
  readonly #inFlight = new Map<string, number>()
  #idle: PromiseWithResolvers<void> | undefined

  /** `limitOf` gives the limit of a project, 0 for none; a domain has the limit of an unknown project. */
  constructor(turns: RequestTurns, limitOf: (project: string) => Promise<number>) {
    this.#turns = turns
    this.#limitOf = limitOf
  }

  /** To be called when a request arrives. */
  arrived(): void {
    this.#turns.arrived()
  }

  /** Resolves when a request may begin. Throws `throttled` above the limit. Gives the function to call at its end. */
  async enter({ scope, user }: Pick<Principal, 'scope' | 'user'>): Promise<() => void> {
    const id = scopeId(scope)
    const limit = await this.#limitOf(id)
    const before = this.#inFlight.get(id) ?? 0
    if (limit > 0 && before >= limit) throw new DomainError('throttled', { retryAfterSeconds: RETRY_AFTER_SECONDS })
    this.#inFlight.set(id, before + 1)
    const turn = this.#turns.begin(id, user.id)
    if (turn !== undefined) await turn
    return () => this.#leave(id)
  }

  /** Resolves when no request is in flight; a handler may still run when its client is gone. */
  async idle(): Promise<void> {
    if (this.#inFlight.size === 0) return
    this.#idle ??= Promise.withResolvers()
    await this.#idle.promise
  }

  #leave(id: string): void {
    const rest = (this.#inFlight.get(id) as number) - 1
    if (rest === 0) this.#inFlight.delete(id)
    else this.#inFlight.set(id, rest)
    if (this.#inFlight.size > 0) return
    this.#idle?.resolve()
    this.#idle = undefined
  }
}
