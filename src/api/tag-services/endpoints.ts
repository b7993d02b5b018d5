import type { ResourceTypes } from '../../core/resource-types.ts'
import type { CatalogueService } from '../catalogue-service.ts'
import type { TagServiceRow } from './row.ts'

/**
 * Gives the catalogue's entry of each service: that of its first row (contract 12.2). The identity service has entries of its
 * own.
 */
export function endpointsOf(rows: readonly TagServiceRow[], types: ResourceTypes): readonly CatalogueService[] {
  const first = new Map<string, TagServiceRow>()
  for (const row of rows) if (row.service !== 'iam' && !first.has(row.service)) first.set(row.service, row)
  return Array.from(first.values(), ({ service, base, hosts }) => {
    const ofProject = /^.*\{project_id\}/.exec(base)?.[0]
    return {
      ...{ type: service, name: service, description: types.service(service).en },
      path: ofProject ?? (/^\/[^/]+/.exec(base)?.[0] as string),
      ...(ofProject === undefined && { isGlobal: true as const }),
      ...(hosts?.[0] !== undefined && { host: hosts[0] }),
    }
  })
}
