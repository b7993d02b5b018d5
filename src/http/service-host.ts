import type { IncomingMessage } from 'node:http'
import type { Family } from '../api/route.ts'

/**
 * The router's strategy for paths that routes of several services have: the first label of the Host header names the
 * service, as in `rds.localhost:8780`. COMPAT: on the clouds each service has its own host (contract 12.2). Signatures
 * cover the header; a forwarded one is not read.
 */
export function serviceOfHost(families: readonly Family[]) {
  const services = new Map<string, string>()
  for (const { routes } of families) {
    for (const { hosts = [] } of routes) for (const label of hosts) services.set(label, hosts[0] as string)
  }
  let last: { readonly host: string; readonly service: string | undefined } = { host: '', service: undefined }
  return {
    name: 'service',
    storage: () => {
      const handlers = new Map<string, unknown>()
      return {
        get: (service: string) => handlers.get(service) ?? null,
        set: (service: string, handler: unknown) => void handlers.set(service, handler),
      }
    },
    deriveConstraint: ({ headers: { host = '' } }: IncomingMessage) => {
      // Most requests name the host of the one before.
      if (host !== last.host) last = { host, service: services.get(labelOf(host)) }
      return last.service
    },
  }
}

function labelOf(host: string): string {
  const end = host.indexOf('.')
  return end < 0 ? '' : host.slice(0, end).toLowerCase()
}
