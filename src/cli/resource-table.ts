import type { Resource, Types } from './resources.ts'

/** Resources as the head and the rows of a table. A column is left out where it would be the same in every row. */
export function resourceTable(
  resources: readonly Resource[],
  types: Types,
  hasProjects: boolean,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const isOneType = types?.length === 1
  const head = [...(hasProjects ? ['PROJECT'] : []), ...(isOneType ? [] : ['TYPE']), 'ID', 'STATUS', 'NAME', 'TAGS']
  const rows = resources.map(({ project_name, resource_type, resource_id, resource_name, resource_detail, tags }) => [
    ...(hasProjects ? [project_name ?? ''] : []),
    ...(isOneType ? [] : [resource_type]),
    resource_id,
    String(resource_detail.status ?? ''),
    resource_name,
    tags.map(({ key, value }) => `${key}=${value}`).join(' '),
  ])
  return { head, rows }
}
