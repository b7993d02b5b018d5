import { invalid } from '../../core/errors.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import { parseTime } from '../time-text.ts'

type Members = Readonly<Record<string, unknown>>

const TIME_RULE = { name: 'well-formed', what: 'a time such as 2018-09-06T14:03:27Z' } as const

/** The members of a detail that are times, by the names of the answers of each service. */
const DETAIL_TIMES: Readonly<Record<ResourceType, readonly string[]>> = {
  images: ['created_at', 'updated_at'],
  instances: ['created_at', 'updated_at', 'created', 'updated'],
}

/**
 * Gives the creation time of a line in milliseconds: its `created_at`, or else that of its detail. Undefined when it has
 * none. Throws `request-invalid` for any time in the line that cannot be read.
 */
export function toCreationTimeMs(line: Members, type: ResourceType, detail: Members): number | undefined {
  const createdAtMs = toMs(line.created_at, 'created_at')
  toMs(line.updated_at, 'updated_at')
  const times = new Map(DETAIL_TIMES[type].map((name) => [name, toMs(detail[name], `resource_detail.${name}`)]))
  return createdAtMs ?? times.get('created_at') ?? times.get('created')
}

function toMs(value: unknown, field: string): number | undefined {
  if (value === undefined) return undefined
  const ms = typeof value === 'string' ? parseTime(value) : undefined
  if (ms === undefined) throw invalid(field, TIME_RULE, value)
  return ms
}
