import { cellOf } from '../../core/csv-cells.ts'
import { type Io, writeLine } from '../io.ts'
import { byType, counted } from '../resource-types.ts'
import { writeTable } from '../table.ts'
import type { Conflict, Plan, PlanItem } from './plan-calls.ts'

/** Why a resource is not changed, by error code. */
const REASONS: Readonly<Record<string, string>> = {
  'both-keys': 'has both keys',
  'tag-policy-violated': 'would violate a tag policy',
  'tag-quota-exceeded': 'would have too many tags',
  'tag-invalid': 'a tag would break a rule of its type',
  'tag-conflict': 'its tags are not as expected',
  'resource-not-found': 'does not exist',
  'changed-since': 'its tags have other values since',
}

/** Why a resource is not changed. */
export function reasonOf(code: string): string {
  return REASONS[code] ?? code
}

/** Shows what a plan changes: a sentence, the keys, and some resources. */
export async function showPlan(io: Io, plan: Plan, items: readonly PlanItem[], more: number): Promise<void> {
  await writeLine(io.stderr, sentenceOf(plan))
  const keys = Object.entries(plan.summary.keys)
  if (keys.length > 0) {
    const rows = keys.map(([key, { added, removed, changed }]) => [key, ...[removed, added, changed].map(orBlank)])
    await writeTable({ ...io, stdout: io.stderr }, ['KEY', 'REMOVED', 'ADDED', 'CHANGED'], rows)
  }
  for (const item of items) await writeLine(io.stderr, `  ${lineOf(item)}`)
  if (more > 0)
    await writeLine(
      io.stderr,
      `  ... and ${more.toLocaleString('en-GB')} more ("tagwerk plan show ${plan.id}" lists them)`,
    )
}

function orBlank(count: number): string {
  return count === 0 ? '' : count.toLocaleString('en-GB')
}

/** What a plan changes, as a sentence. */
export function sentenceOf({ id, state, undo_of, summary }: Plan): string {
  const { matched, changes, unchanged, types, codes, tags_left } = summary
  const verb = state === 'applied' ? 'changed' : 'would change'
  const parts = [
    `${changes.toLocaleString('en-GB')} of ${counted(matched)} ${verb}${changes === 0 ? '' : ` (${byType(types)})`}`,
    ...(unchanged === 0 ? [] : [`${counted(unchanged)} ${unchanged === 1 ? 'is' : 'are'} as wanted`]),
    ...Object.entries(codes).map(([code, count]) => `${counted(count)}: ${reasonOf(code)}`),
    ...(tags_left === 0 ? [] : [`${tags_left} tags have other values since and stay`]),
  ]
  return `Plan ${id}${undo_of === undefined ? '' : `, which takes back ${undo_of}`}: ${parts.join('; ')}.`
}

/** A resource of a plan, such as `images 1234  Env=prod -> env=prod`. */
export function lineOf({ resource_type, resource_id, state, error_code, expect, patch }: PlanItem): string {
  const of = (values: PlanItem['patch']) =>
    Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ') || '(none)'
  const change = Object.keys(patch).length === 0 ? '' : `  ${of(expect)} -> ${of(patch)}`
  const reason = error_code === undefined ? '' : `  ${state}: ${reasonOf(error_code)}`
  return `${resource_type} ${resource_id}${change}${reason}`
}

/** The cells of a resource in a table: its type, id, state, and keys before and after. */
export function rowsOf(items: readonly PlanItem[]): string[][] {
  return items.flatMap(({ resource_type, resource_id, state, error_code = '', expect, patch }) => {
    const keys = Object.keys(patch)
    const named = [resource_type, resource_id, state, error_code]
    if (keys.length === 0) return [[...named, '', '', '']]
    return keys.map((key) => [...named, key, shown(expect[key]), shown(patch[key])])
  })
}

export const ITEM_HEAD = ['RESOURCE TYPE', 'RESOURCE ID', 'STATE', 'REASON', 'KEY', 'BEFORE', 'AFTER']

function shown(value: string | null | undefined): string {
  return value === null || value === undefined ? '' : value === '' ? '(empty)' : cellOf(value)
}

/** A conflict as a line. */
export function conflictLine({ resource_type, resource_id, error_code, key, value }: Conflict): string {
  const name = `${resource_type} ${resource_id}`
  if (key === undefined) return `${name}  ${reasonOf(error_code)}`
  return `${name}  ${key} is ${value === null || value === undefined ? 'absent' : `"${value}"`} now`
}
