import type { Caller } from '../api/route.ts'

/** The result of authenticating a request. */
export type Authentication = {
  readonly caller: Caller
  /** The body, if it had to be read to verify a signature. */
  readonly bodyBytes: Uint8Array | undefined
  /** Checks the same credentials again, for calls that take long. Throws when they are no longer valid. */
  readonly reauthenticate: () => Promise<Caller>
}
