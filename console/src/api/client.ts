import createClient from 'openapi-fetch'
import type { paths } from './schema.d.ts'

/** The typed client of Tagwerk's own API. The session is in a cookie; the header says that the console itself asks. */
export const api = createClient<paths>({ baseUrl: '/', headers: { 'X-Tagwerk-Console': '1' } })

/** An answer of the service that is an error, or no answer at all (status 0). */
export class ApiError extends Error {
  readonly status: number
  /** Such as `filter-invalid`, or `network` without an answer. */
  readonly code: string
  readonly requestId: string | undefined
  /** The whole body, for errors that carry more. */
  readonly body: Readonly<Record<string, unknown>>

  constructor(status: number, body: Readonly<Record<string, unknown>>, requestId: string | undefined) {
    super(typeof body.error_msg === 'string' ? body.error_msg : `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = typeof body.error_code === 'string' ? body.error_code : 'network'
    this.requestId = requestId
    this.body = body
  }
}

/**
 * Sends the user to the log-in when a session has ended; set by the root of the application. `isRenewing`: a call between the end of
 * one session and the beginning of the next may be refused.
 */
export const sessionEnd = { onEnd: () => {}, isRenewing: false }

type Outcome<T> = { readonly data?: T; readonly error?: unknown; readonly response: Response }

/** Gives the body of an answer. Throws an ApiError for any other than a success. */
export async function answerOf<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await outcomeOf(call)
  if (response.ok) return data as T
  if (response.status === 401 && !sessionEnd.isRenewing) sessionEnd.onEnd()
  throw new ApiError(response.status, toBody(error), response.headers.get('x-request-id') ?? undefined)
}

async function outcomeOf<T>(call: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await call
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, { error_msg: error instanceof Error ? error.message : String(error) }, undefined)
  }
}

function toBody(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? { ...error } : {}
}
