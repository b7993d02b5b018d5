import { ApiError } from '../api/client.ts'

/** What the service says of a refused change, for a place next to a field. */
export function errorWords(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error)
  return error.status === 0 ? error.message : `${error.message} (${error.code})`
}
