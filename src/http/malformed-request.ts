import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { GATEWAY_ERRORS, renderGatewayError } from '../api/gateway-errors.ts'

/** 32 hexadecimal digits. */
export function newRequestId(): string {
  return randomUUID().replaceAll('-', '')
}

/** The gateway's body for what breaks the rules of HTTP itself. */
export function notHttp(message: string, requestId: string): string {
  return JSON.stringify({ error_msg: message, error_code: 'APIGW.0106', request_id: requestId })
}

/** Refuses an `Expect` header that is none of ours. */
export function answerExpectation(response: ServerResponse): void {
  const requestId = newRequestId()
  response.writeHead(417, { 'content-type': 'application/json', 'x-request-id': requestId, connection: 'close' })
  response.end(notHttp('The expectation cannot be met.', requestId))
}

/** Answers what is not HTTP, or too large to be read as HTTP; there is no request to hang an answer on. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId()
  const [status, body] = unreadableAnswer(error.code, requestId)
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    // A connection that its client leaves open would otherwise stay, and keep what it has sent.
    () => socket.destroy(),
  )
}

function unreadableAnswer(code: string | undefined, requestId: string): [status: string, body: string] {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return ['431 Request Header Fields Too Large', headersTooLarge(requestId)]
  }
  const message =
    code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'The request did not arrive in time.' : 'The request is not valid HTTP.'
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request'
  return [status, notHttp(message, requestId)]
}

function headersTooLarge(requestId: string): string {
  const entry = GATEWAY_ERRORS['headers-too-large']
  return JSON.stringify(renderGatewayError(entry, entry.message, requestId))
}
