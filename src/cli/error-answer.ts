import { STATUS_CODES } from 'node:http'

/** A response with an error status. */
export class ApiError extends Error {
  readonly status: number
  /** The value of the Retry-After header; undefined without one. */
  readonly retryAfterSeconds: number | undefined
  /** The code in the body of Tagwerk; undefined if the response does not come from Tagwerk. */
  readonly code: string | undefined
  /** That body; undefined if the response does not come from Tagwerk. */
  readonly body: unknown

  constructor(message: string, status: number, retryAfterSeconds?: number, code?: string, body?: unknown) {
    super(message)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
    this.code = code
    this.body = body
  }
}

/** What to do about an error that a proxy in front of the service answers, by status. */
const REMEDIES: Readonly<Record<number, string>> = {
  401: 'A proxy requires its own login: use an endpoint that does not pass through it',
  403: 'A proxy blocks this call: allow it there, or reach the service without it',
  404: 'Check the URL of --endpoint or TAGWERK_ENDPOINT',
  413: "Raise the proxy's limit on the size of a request body to 1 MB or more (nginx: client_max_body_size 1m)",
  502: "Check that the service runs and that the proxy's address of it is right",
  503: "Check that the service runs and that the proxy's address of it is right",
  504: "Check that the service runs, or raise the proxy's limit on the time of a response",
}
const OTHER_REMEDY = 'Check the URL of --endpoint or TAGWERK_ENDPOINT, and the log of the proxy if there is one'

/** Reads a response with an error status. The body of a proxy is never part of the message: it is mostly a page of HTML. */
export async function readError(endpoint: string, response: Response): Promise<ApiError> {
  const { status, headers } = response
  const text = await response.text().catch(() => '')
  const retryAfter = headers.get('retry-after')
  const seconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined
  const requestId = headers.get('x-request-id')
  const where = requestId === null ? '' : ` (request ${requestId})`
  const error = readBody(text)
  if (error !== undefined) {
    const { code, message } = error
    const words = code === '' ? message : `${code}: ${message}`
    return new ApiError(`the service answered ${status} ${words}${where}`, status, seconds, code, error.body)
  }
  const location = headers.get('location')
  const remedy =
    status >= 300 && status < 400 && location !== null
      ? `It redirects to ${location}: set --endpoint or TAGWERK_ENDPOINT to the URL of the service itself`
      : (REMEDIES[status] ?? OTHER_REMEDY)
  const reason = STATUS_CODES[status]
  const answer = reason === undefined ? String(status) : `${status} ${reason}`
  return new ApiError(`${endpoint} answered ${answer}, which does not come from Tagwerk. ${remedy}`, status, seconds)
}

/** The error for a successful response whose body is not Tagwerk's. */
export function notTagwerk(endpoint: string, status: number): ApiError {
  return new ApiError(
    `the answer of ${endpoint} does not come from Tagwerk (status ${status}). ${OTHER_REMEDY}`,
    status,
  )
}

/** Code and message of an error body in the format of any API family; undefined without a message. */
function readBody(
  text: string,
): { readonly code: string; readonly message: string; readonly body: unknown } | undefined {
  try {
    const body = JSON.parse(text) as Record<string, unknown>
    const error = (body.error ?? {}) as { code?: unknown; message?: unknown; title?: unknown }
    const code = body.error_code ?? error.title ?? error.code
    const message = body.error_msg ?? error.message
    return message === undefined ? undefined : { code: String(code ?? ''), message: String(message), body }
  } catch {
    // Not JSON: the response of a proxy.
    return undefined
  }
}
