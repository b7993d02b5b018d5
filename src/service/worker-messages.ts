import type { Config } from '../config/config.ts'
import type { PasswordCost } from '../iam/password.ts'
import type { WriteCall, WriteReply } from '../store/sqlite/writer-messages.ts'

// What the process that was started and its workers say to each other.

/** What is left of an error on its way between processes. */
export type SentError = { readonly message: string; readonly code?: string; readonly syscall?: string }

export type ToPrimary =
  /** The worker can be told things. */
  | { readonly kind: 'here' }
  | { readonly kind: 'answering'; readonly url: string }
  | { readonly kind: 'cannot-start'; readonly error: SentError }
  | { readonly kind: 'write'; readonly call: WriteCall }
  | { readonly kind: 'make-snapshot'; readonly project: string }

export type ToWorker =
  | {
      readonly kind: 'start'
      readonly config: Config
      readonly passwordCost: PasswordCost
      /** Whether this worker sees to it that there are fresh snapshots. */
      readonly keepsSnapshots: boolean
    }
  | { readonly kind: 'written'; readonly reply: WriteReply }
  /** `error`: why there is none. */
  | { readonly kind: 'snapshot-made'; readonly project: string; readonly error: string | undefined }
  | { readonly kind: 'stop' }

export function toSentError(error: unknown): SentError {
  const { message = String(error), code, syscall } = error as Partial<NodeJS.ErrnoException>
  return { message, ...(code !== undefined && { code }), ...(syscall !== undefined && { syscall }) }
}

export function fromSentError({ message, ...more }: SentError): Error {
  return Object.assign(new Error(message), more)
}
