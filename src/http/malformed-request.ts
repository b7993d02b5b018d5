import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { GATEWAY_ERRORS, renderGatewayError } from '../api/gateway-errors.ts'
import { newRequestId, replyHeaders } from './reply-headers.ts'

/** The gateway's error body for a violation of HTTP itself. */
export function malformedRequestBody(message: string, requestId: string): string {
  return JSON.stringify({ error_msg: message, error_code: 'APIGW.0106', request_id: requestId })
}

/** Answers a request with an unsupported `Expect` header. */
export function rejectExpectation(response: ServerResponse): void {
  const requestId = newRequestId()
  const headers = { 'content-type': 'application/json', ...replyHeaders(requestId), connection: 'close' }
  response.writeHead(417, headers)
  response.end(malformedRequestBody('The expectation cannot be met.', requestId))
}

/**
 * Answers bytes that the HTTP parser rejects: invalid HTTP, oversized headers, or a request that timed out while arriving.
 * Writes to the socket, because no request object exists yet.
 */
export function rejectUnparsed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId()
  const { status, body } = unparsedAnswer(error.code, requestId)
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...Object.entries(replyHeaders(requestId)).map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    // Close the connection here: a client that keeps it open would also keep its received bytes in memory.
    () => socket.destroy(),
  )
}

function unparsedAnswer(code: string | undefined, requestId: string): { status: string; body: string } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: '431 Request Header Fields Too Large', body: headersTooLarge(requestId) }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: '408 Request Timeout',
        body: malformedRequestBody('The request did not arrive in time.', requestId),
      }
    default:
      return { status: '400 Bad Request', body: malformedRequestBody('The request is not valid HTTP.', requestId) }
  }
}

function headersTooLarge(requestId: string): string {
  const entry = GATEWAY_ERRORS['headers-too-large']
  return JSON.stringify(renderGatewayError(entry, entry.message, { id: requestId }))
}
