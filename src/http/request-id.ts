import { randomUUID } from 'node:crypto'

/** Gives a random request id of 32 hexadecimal digits. */
export function newRequestId(): string {
  return randomUUID().replaceAll('-', '')
}

/**
 * Names of the headers that carry the request id. COMPAT: openstacksdk and keystoneauth read the second only
 * (openstacksdk, `exceptions.py`).
 */
export const REQUEST_ID_HEADERS = ['x-request-id', 'x-openstack-request-id'] as const

/** The headers with a request id. */
export function requestIdHeaders(id: string): Readonly<Record<string, string>> {
  return Object.fromEntries(REQUEST_ID_HEADERS.map((name) => [name, id]))
}
