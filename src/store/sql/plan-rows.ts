import type { ResourceType } from '../../core/resource-types.ts'
import type { KeyPatch, TagPatch } from '../../core/tag-patch.ts'
import { DamagedRow } from '../damaged-row.ts'
import type { PlanItem, PlanItemState, PlanRecord, PlanState } from '../plan-store.ts'
import type { Row, SqlValue } from './sql.ts'

/** A patch as the values of its two columns: the keys as triples, and their order. */
export function patchToTexts({ keys, order }: TagPatch): readonly [patch: string, order: string] {
  const triples = keys.map(({ key, expect, value }) => [key, expect ?? null, value ?? null])
  return [JSON.stringify(triples), order === undefined ? '' : JSON.stringify(order)]
}

/** Throws a DamagedRow when the content of the row makes no sense. */
export function toPlanItem(row: Row): PlanItem {
  try {
    return {
      place: Number(row.place),
      type: String(row.resource_type) as ResourceType,
      id: String(row.resource_id),
      patch: { keys: toKeys(String(row.patch)), order: toOrder(String(row.key_order)) },
      state: String(row.state) as PlanItemState,
      code: String(row.code),
      revision: Number(row.revision),
    }
  } catch (error) {
    throw new DamagedRow(`plan ${row.plan_id}, item ${row.place}`, undefined, error)
  }
}

function toKeys(text: string): readonly KeyPatch[] {
  const triples = JSON.parse(text) as readonly (readonly unknown[])[]
  return triples.map(([key, expect, value]) => {
    if (typeof key !== 'string') throw new Error('a key is not a text')
    return { key, expect: toValue(expect), value: toValue(value) }
  })
}

function toValue(value: unknown): string | undefined {
  if (value !== null && typeof value !== 'string') throw new Error('a value is not a text')
  return value ?? undefined
}

function toOrder(text: string): readonly string[] | undefined {
  return text === '' ? undefined : (JSON.parse(text) as readonly string[])
}

export function toPlan(row: Row): PlanRecord {
  return {
    id: String(row.plan_id),
    state: String(row.state) as PlanState,
    head: String(row.head),
    summary: String(row.summary),
    undoOf: toText(row.undo_of),
    revision: Number(row.revision),
    items: Number(row.items),
    nextPlace: Number(row.next_place),
    applied: Number(row.applied),
    conflicts: Number(row.conflicts),
    appliedFrom: toNumber(row.applied_from),
    appliedTo: toNumber(row.applied_to),
    actor: String(row.actor),
    createdAtMs: Number(row.created_at_ms),
    appliedBy: toText(row.applied_by),
    appliedAtMs: toNumber(row.applied_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
  }
}

function toText(value: SqlValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}

function toNumber(value: SqlValue | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value)
}
