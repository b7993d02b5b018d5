import type { PlanItem, PlanRecord } from '../plan-store.ts'
import { toPlan, toPlanItem } from './plan-rows.ts'
import type { SqlConnection } from './sql.ts'

/** The states of plans that readers see; the others are `draft` and `removed`. */
export const IS_FINISHED = `state IN ('planned', 'partly-applied', 'applied')`

/** Reads of plans over one connection of either engine; see `PlanStore`. */
export function planReads(db: SqlConnection) {
  return {
    async getPlan(project: string, planId: string, atMs: number): Promise<PlanRecord | undefined> {
      const sql = `SELECT * FROM plan WHERE project_id = ? AND plan_id = ? AND expires_at_ms > ? AND ${IS_FINISHED}`
      const row = await db.get(sql, project, planId, atMs)
      return row && toPlan(row)
    },

    async findPlanByKey(
      project: string,
      key: string,
      sinceMs: number,
    ): Promise<{ readonly plan: PlanRecord; readonly hash: string } | undefined> {
      const sql = `SELECT * FROM plan WHERE project_id = ? AND idempotency_key = ? AND created_at_ms >= ?
        AND ${IS_FINISHED} ORDER BY plan_id DESC LIMIT 1`
      const row = await db.get(sql, project, key, sinceMs)
      return row && { plan: toPlan(row), hash: String(row.body_hash) }
    },

    async listPlans(
      project: string,
      before: string | undefined,
      limit: number,
      atMs: number,
    ): Promise<readonly PlanRecord[]> {
      const below = before === undefined ? '' : 'AND plan_id < ?'
      const sql = `SELECT * FROM plan WHERE project_id = ? ${below} AND expires_at_ms > ? AND ${IS_FINISHED}
        ORDER BY plan_id DESC LIMIT ?`
      return (await db.all(sql, project, ...(before === undefined ? [] : [before]), atMs, limit)).map(toPlan)
    },

    async getPlanItems(project: string, planId: string, from: number, to: number): Promise<readonly PlanItem[]> {
      const sql = `SELECT * FROM plan_item WHERE project_id = ? AND plan_id = ? AND place >= ? AND place < ?
        ORDER BY place`
      return (await db.all(sql, project, planId, from, to)).map(toPlanItem)
    },
  }
}
