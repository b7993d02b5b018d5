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

/**
 * Gives the creation time of a line in milliseconds: its `created_at`, or else that of its detail. Undefined when it has
 * none. Throws `request-invalid` for any time in the line that cannot be read.
 */
export function toCreationTimeMs(line: Members, type: ResourceType, detail: Members): number | undefined {
  const createdAtMs = toMs(line.created_at, 'created_at')
  toMs(line.updated_at, 'updated_at')
  const names = DETAIL_TIMES.get(type) ?? []
  const times = new Map(names.map((name) => [name, toMs(detail[name], `resource_detail.${name}`)]))
  return createdAtMs ?? times.get('created_at') ?? times.get('created')
}

function toMs(value: unknown, field: string): number | undefined {
  if (value === undefined) return undefined
  const ms = typeof value === 'string' ? parseTime(value) : undefined
  if (ms === undefined) throw invalid(field, TIME_RULE, value)
  return ms
}
