import { invalid } from '../../core/errors.ts'
import { IMAGES, INSTANCES, type ResourceType } from '../../core/resource-types.ts'
import { parseTime } from '../time-text.ts'

type Members = Readonly<Record<string, unknown>>

const TIME_RULE = { name: 'well-formed', what: 'a time such as 2018-09-06T14:03:27Z' } as const

/** The members of a detail that are times, by the names of the answers of each service that shows details. */
const DETAIL_TIMES: ReadonlyMap<ResourceType, readonly string[]> = new Map([
  [IMAGES, ['created_at', 'updated_at']],
  [INSTANCES, ['created_at', 'updated_at', 'created', 'updated']],
])
/** Those of them that say when a resource was created. The first one that a line has counts. */
const CREATION_TIMES: readonly string[] = ['created_at', 'created']
const NO_TIMES: readonly string[] = []

/**
 * Gives the creation time of a line in milliseconds: its `created_at`, or else that of its detail. Undefined when it has
 * none. Throws `request-invalid` for any time in the line that cannot be read.
 */
export function toCreationTimeMs(line: Members, type: ResourceType, detail: Members): number | undefined {
  let createdAtMs = toMs(line.created_at, '', 'created_at')
  toMs(line.updated_at, '', 'updated_at')
  for (const name of DETAIL_TIMES.get(type) ?? NO_TIMES) {
    const ms = toMs(detail[name], 'resource_detail.', name)
    if (CREATION_TIMES.includes(name)) createdAtMs ??= ms
  }
  return createdAtMs
}

/** `prefix` and `name` are the path of the value, which is made on an error only. */
function toMs(value: unknown, prefix: string, name: string): number | undefined {
  if (value === undefined) return undefined
  const ms = typeof value === 'string' ? parseTime(value) : undefined
  if (ms === undefined) throw invalid(prefix + name, TIME_RULE, value)
  return ms
}
