import type { TagServiceRow } from '../../../src/api/tag-services/row.ts'

/** A resource type of a row, as a path of its service names it. */
export type Unit = {
  readonly row: TagServiceRow
  readonly segment: string
  /** Registered name of the type. */
  readonly type: string
  /** The path of the resources, with the ids of project and domain. */
  readonly path: string
  /** Path before `resource_instances`. */
  readonly queryPath: string
  readonly inUsePath: string
  readonly isGlobal: boolean
  /** The Host header of the service, where other services have its paths too. */
  readonly host: string | undefined
}

/** The units of rows, with the ids that fill their paths. */
export function unitsOf(rows: readonly TagServiceRow[], projectId: string, domainId: string): readonly Unit[] {
  const fill = (path: string) => path.replace('{project_id}', projectId).replace('{domain_id}', domainId)
  return rows.flatMap((row) =>
    Object.entries(row.types).map(([segment, type]) => {
      const path = fill(`${row.base}/${segment}`)
      return {
        ...{ row, segment, type, path },
        queryPath: fill(row.queryBase ?? path),
        inUsePath: fill(row.inUsePath ?? `${path}/tags`),
        isGlobal: !row.base.includes('{project_id}'),
        host: row.hosts && `${row.hosts[0]}.eu-de.example`,
      }
    }),
  )
}

/** A unit for each row that can be queried by tag, with its name. */
export function queryUnitsOf(rows: readonly TagServiceRow[]): readonly (readonly [name: string, row: TagServiceRow])[] {
  return rows.filter(({ query }) => query !== undefined).map((row) => [`${row.service} ${row.base}`, row])
}

/** The calls that find and count, with the member that tells them apart; the page goes where the row has it. */
export function queryCallOf({ row, queryPath }: Unit, kind: 'filter' | 'count', body: object, page: object = {}) {
  const { query } = row
  if (query === undefined) throw new Error(`${row.service} has no query`)
  const [segment] = query.segments
  if (query.shape === 'action') {
    return { path: `${queryPath}/${segment}/action`, body: { action: kind, ...body, ...page } }
  }
  const inUrl = kind === 'filter' && query.limitIn !== 'body'
  const search = inUrl ? `?${new URLSearchParams(page as Record<string, string>)}`.replace(/\?$/, '') : ''
  return { path: `${queryPath}/${segment}/${kind}${search}`, body: inUrl ? body : { ...body, ...page } }
}
