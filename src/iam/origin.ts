import { AsyncLocalStorage } from 'node:async_hooks'

/** Where a change comes from: the caller and its request. */
export type Origin = {
  /** Id and name of the user, empty for calls without authentication and for commands on the store. */
  readonly userId: string
  readonly userName: string
  readonly domainId: string
  /** IP address of the client. */
  readonly address: string
  /** Id of the HTTP request. */
  readonly requestId: string
}

const NOWHERE: Origin = { userId: '', userName: '', domainId: '', address: '', requestId: '' }

const origins = new AsyncLocalStorage<Origin>()

/**
 * Executes work on behalf of an origin, which everything that the work calls can read. A parameter of every function
 * between a request and the store would say the same, on each of the many ways between them.
 */
export function withOrigin<T>(origin: Partial<Origin>, work: () => T): T {
  return origins.run({ ...NOWHERE, ...origin }, work)
}

/** The origin of the work in progress. */
export function currentOrigin(): Origin {
  return origins.getStore() ?? NOWHERE
}
