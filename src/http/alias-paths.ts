import type { Family } from '../api/route.ts'

/**
 * COMPAT: a client of the tag service picks the endpoint whose URL contains both `tms` and the name of the region
 * (contract section 7, python-otcextensions).
 */
const TAG_SERVICE_PREFIX = /^\/tms\/([^/?]+)(?=[/?]|$)/

/** COMPAT: the OTC Go SDK and its Terraform provider call the database service below this path (contract D37). */
const DATABASE_PREFIX = /^\/mysql(?=\/v3\/)/

/**
 * Gives the URL of the route that an alias stands for; any other URL unchanged. A signature covers the path as sent, so it
 * is verified with the original URL.
 */
export function withoutAlias(url: string, region: string, families: readonly Family[]): string {
  const isPathOf = (family: string, path: string) =>
    families.some(({ name, paths }) => name === family && paths.test(path))
  if (DATABASE_PREFIX.test(url)) {
    const rest = url.replace(DATABASE_PREFIX, '')
    return isPathOf('taurusdb-v3', rest) ? rest : url
  }
  const [prefix, named] = TAG_SERVICE_PREFIX.exec(url) ?? []
  if (prefix === undefined || named !== encodeURIComponent(region)) return url
  const rest = url.slice(prefix.length).replace(/^(?!\/)/, '/')
  return isPathOf('tms-v1', rest) ? rest : url
}
