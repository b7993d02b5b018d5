import { TAG_SERVICE_ROWS } from '../src/api/tag-services/index.ts'
import type { TagServiceRow } from '../src/api/tag-services/row.ts'

/** The tables of docs/compat/tag-services.md, one for each shape, as lines. */
export function tagServiceTables(): readonly string[] {
  const shapes = [
    ['A: queried by `resource_instances/action`', 'action'],
    ['B: queried by `resource-instances/filter` and `count`', 'filter'],
    ['Tags of one resource only', undefined],
    ['Forms of their own', 'own'],
  ] as const
  return shapes.flatMap(([title, shape]) => [
    `## ${title}`,
    '',
    '| service | path | types | query | limit | changes | tags in use | codes | hosts |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...TAG_SERVICE_ROWS.filter(({ query, form }) => (form === undefined ? query?.shape : 'own') === shape).map(lineOf),
    '',
  ])
}

function lineOf(row: TagServiceRow): string {
  const { service, base, types, query, writes, inUse, form, envelope, codePrefix, writeStatus, hosts = [] } = row
  const cells = [
    service,
    `\`${base}/\``,
    Object.entries(types)
      .map(([segment, type]) => (segment === type ? `\`${segment}\`` : `\`${segment}\` (${type})`))
      .join(', '),
    query === undefined ? '' : [...query.segments.map((each) => `\`${each}\``), ...query.lists].join(', '),
    query === undefined ? '' : `${query.limitKind}, in ${query.limitIn === 'both' ? 'body or query' : query.limitIn}`,
    writes.length === 0 ? (form ?? '') : `${writes.map((each) => `\`${each}\``).join(', ')}: ${writeStatus}`,
    form === undefined ? inUse : '',
    `${codePrefix}, ${envelope}`,
    hosts.map((each) => `\`${each}\``).join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}
