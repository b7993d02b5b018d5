import type { Caller } from '../api/route.ts'

/** Who asks. */
export type Proven = {
  readonly caller: Caller
  /** The body, where reading it was needed to find out. */
  readonly bytes: Uint8Array | undefined
  /** Says who it is by now, for a call that takes long. Throws when that is nobody any more. */
  readonly again: () => Promise<Caller>
}
