import { randomUUID } from 'node:crypto'

/** Gives a random request id of 32 hexadecimal digits. */
export function newRequestId(): string {
  return randomUUID().replaceAll('-', '')
}

/**
 * Names of the headers that carry the request id. COMPAT: openstacksdk and keystoneauth read the second only
 * (openstacksdk, `exceptions.py`).
 */
const REQUEST_ID_HEADERS = ['x-request-id', 'x-openstack-request-id'] as const

/**
 * Headers of every reply, as alternating names and values. A cache must store none: requests carry their credentials in
 * X-Auth-Token, of which caches do not know that it makes a reply private.
 */
const FIXED_HEADERS = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff'] as const

/** Gives the headers that every reply has, as alternating names and values. */
export function replyFields(requestId: string): string[] {
  const fields: string[] = [...FIXED_HEADERS]
  for (const name of REQUEST_ID_HEADERS) fields.push(name, requestId)
  return fields
}

/** Gives the same headers as an object. */
export function replyHeaders(requestId: string): Readonly<Record<string, string>> {
  const fields = replyFields(requestId)
  const headers: Record<string, string> = {}
  for (let at = 0; at < fields.length; at += 2) headers[fields[at] as string] = fields[at + 1] as string
  return headers
}
