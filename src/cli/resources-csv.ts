import { cellOf, cellOfValue } from '../core/csv-cells.ts'
import { KEYS_MAX } from './files/csv-writer.ts'
import { type Io, writeData } from './io.ts'
import { csvText } from './output.ts'
import type { Place } from './project.ts'
import type { Resource } from './resources.ts'

const COLUMNS = ['resource_type', 'project', 'resource_id', 'resource_name'] as const

/** Prints resources as CSV with a column for each key, which an import of tags reads. */
export async function writeResourcesAsCsv(io: Io, place: Place, resources: readonly Resource[]): Promise<void> {
  const keys = [...new Set(resources.flatMap(({ tags }) => tags.map(({ key }) => key)))].sort()
  if (keys.length > KEYS_MAX) {
    throw new Error(
      `the resources have ${keys.length} keys, and a CSV file at most ${KEYS_MAX} columns for them: select fewer`,
    )
  }
  const rows = resources.map(({ resource_type, project_name, resource_id, resource_name, resource_detail, tags }) => {
    const values = new Map(tags.map(({ key, value }) => [key, value]))
    return [
      ...[resource_type, project_name ?? place.client.project?.name ?? '', resource_id, resource_name].map(cellOf),
      ...keys.map((key) => cellOfValue(values.get(key))),
      cellOf(JSON.stringify(resource_detail)),
    ]
  })
  const head = [...COLUMNS, ...keys.map((key) => `tag:${key}`), 'resource_detail']
  await writeData(io.stdout, csvText([head, ...rows]))
}
