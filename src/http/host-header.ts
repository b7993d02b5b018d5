import type { IncomingMessage } from 'node:http'

/** The host of a URL: a name or address, and a port. Underscores occur in names of container networks. */
const HOST = /^(?:[0-9A-Za-z._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

/**
 * Gives the fault of the host of a request; undefined for a valid one. Links and the service catalog repeat the
 * host, so it must be one, and one only (RFC 9112, 3.2). `forwardedHost` is that of a trusted proxy, if any.
 */
export function hostFault(request: IncomingMessage, forwardedHost: string): string | undefined {
  const { host } = request.headers
  if (host === undefined) return request.httpVersion === '1.1' ? 'The request names no host.' : undefined
  if (countOf('host', request.rawHeaders) > 1) return 'The request names more than one host.'
  const isValid = HOST.test(host) && (forwardedHost === host || HOST.test(forwardedHost))
  return isValid ? undefined : 'The host of the request is not valid.'
}

function countOf(name: string, rawHeaders: readonly string[]): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at] as string
    if (header.length === name.length && header.toLowerCase() === name) count++
  }
  return count
}
