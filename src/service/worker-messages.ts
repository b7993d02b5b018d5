import type { Config } from '../config/config.ts'
import type { ResourceTypeRow } from '../core/resource-type-rows.ts'
import type { PasswordCost } from '../iam/password.ts'
import type { WriteCall, WriteReply } from '../store/sqlite/writer-messages.ts'
import type { Metric } from '../telemetry/metric.ts'

// Messages between the primary process and its workers, over the channel of node:cluster.

/** The parts of an error that are serialized. */
export type SerializedError = { readonly message: string; readonly code?: string; readonly syscall?: string }

export type ToPrimary =
  /** The worker has installed its message handler. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'start-failed'; readonly error: SerializedError }
  | { readonly kind: 'write'; readonly call: WriteCall }
  | { readonly kind: 'make-snapshot'; readonly project: string }
  | { readonly kind: 'metrics'; readonly metrics: readonly Metric[] }

/** What a worker is started with. */
export type StartMessage = {
  readonly kind: 'start'
  readonly config: Config
  readonly passwordCost: PasswordCost
  /** The rows of `--resource-types`, read once, so that a worker that is restarted has those of all others. */
  readonly typeRows: readonly ResourceTypeRow[]
  /** Whether this worker checks for due snapshots. */
  readonly refreshesSnapshots: boolean
}

export type ToWorker =
  | StartMessage
  | { readonly kind: 'written'; readonly reply: WriteReply }
  /** `error` is the reason of a failure, undefined after success. */
  | { readonly kind: 'snapshot-made'; readonly project: string; readonly error: string | undefined }
  /** Asks for `metrics`. */
  | { readonly kind: 'read-metrics' }
  | { readonly kind: 'stop' }

export function serializeError(error: unknown): SerializedError {
  const { message = String(error), code, syscall } = error as Partial<NodeJS.ErrnoException>
  return { message, ...(code !== undefined && { code }), ...(syscall !== undefined && { syscall }) }
}

export function deserializeError({ message, ...properties }: SerializedError): Error {
  return Object.assign(new Error(message), properties)
}
