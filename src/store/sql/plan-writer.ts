import type { FinishVerdict, NewPlanItem, PlanDraft, PlanFinish } from '../plan-store.ts'
import { INSERT_PLAN_ITEM } from './batch-statements.ts'
import { planCommits } from './plan-commit.ts'
import { planReads } from './plan-reader.ts'
import { patchToTexts } from './plan-rows.ts'
import { lockPlans } from './row-locks.ts'
import type { SqlConnection, SqlValue } from './sql.ts'

const ONE_PLAN = 'project_id = ? AND plan_id = ?'

/** Writes of plans over one connection of either engine; see `PlanStore`. Every write of an item changes its plan. */
export function planWrites(db: SqlConnection) {
  const reads = planReads(db)

  async function remove(project: string, planId: string): Promise<void> {
    await db.run(`UPDATE plan SET state = 'removed', expires_at_ms = 0 WHERE ${ONE_PLAN}`, project, planId)
  }

  /** The number of items of a draft; undefined when there is none. */
  async function itemsOfDraft(project: string, planId: string): Promise<number | undefined> {
    const row = await db.get(`SELECT items FROM plan WHERE ${ONE_PLAN} AND state = 'draft'`, project, planId)
    return row && Number(row.items)
  }

  return {
    ...planCommits(db),

    async createPlan(project: string, draft: PlanDraft, openMax: number): Promise<'done' | 'full'> {
      await lockPlans(db, project)
      const { id, head, undoOf, actor, createdAtMs, expiresAtMs } = draft
      const open = await db.get(
        `SELECT COUNT(*) AS found FROM plan WHERE project_id = ? AND expires_at_ms > ? AND state <> 'applied'`,
        project,
        createdAtMs,
      )
      if (Number(open?.found) >= openMax) return 'full'
      await db.run(
        `INSERT INTO plan (project_id, plan_id, state, head, summary, undo_of, revision, items, next_place, applied,
          conflicts, actor, created_at_ms, expires_at_ms)
         VALUES (?, ?, 'draft', ?, '{}', ?, 0, 0, 0, 0, 0, ?, ?, ?)`,
        ...[project, id, head, undoOf ?? null, actor, createdAtMs, expiresAtMs],
      )
      return 'done'
    },

    async addPlanItems(project: string, planId: string, items: readonly NewPlanItem[]): Promise<'done' | 'absent'> {
      await lockPlans(db, project)
      const start = await itemsOfDraft(project, planId)
      if (start === undefined) return 'absent'
      const rows = items.map(({ type, id, patch, state, code }, i): SqlValue[] => {
        const [text, order] = patchToTexts(patch)
        return [project, planId, start + i, type, id, text, order, state, code, 0]
      })
      await db.runBatch(INSERT_PLAN_ITEM, rows)
      await db.run(`UPDATE plan SET items = ? WHERE ${ONE_PLAN}`, start + items.length, project, planId)
      return 'done'
    },

    async finishPlan(project: string, planId: string, finish: PlanFinish): Promise<FinishVerdict> {
      await lockPlans(db, project)
      if ((await itemsOfDraft(project, planId)) === undefined) return { verdict: 'absent' }
      const { summary, revision, expiresAtMs, request } = finish
      const earlier = request && (await reads.findPlanByKey(project, request.key, request.sinceMs))
      if (earlier !== undefined) {
        await remove(project, planId)
        if (earlier.hash !== request?.hash) return { verdict: 'key-reused' }
        return { verdict: 'repeated', plan: earlier.plan }
      }
      await db.run(
        `UPDATE plan SET state = 'planned', summary = ?, revision = ?, expires_at_ms = ?, idempotency_key = ?,
          body_hash = ? WHERE ${ONE_PLAN}`,
        ...[summary, revision, expiresAtMs, request?.key ?? null, request?.hash ?? null, project, planId],
      )
      const plan = await reads.getPlan(project, planId, Number.MIN_SAFE_INTEGER)
      if (plan === undefined) throw new Error(`the plan ${planId} was not finished`)
      return { verdict: 'done', plan }
    },

    async deletePlan(project: string, planId: string): Promise<'done' | 'absent'> {
      await lockPlans(db, project)
      const row = await db.get(`SELECT 1 AS found FROM plan WHERE ${ONE_PLAN} AND state <> 'removed'`, project, planId)
      if (row === undefined) return 'absent'
      await remove(project, planId)
      return 'done'
    },

    async forgetPlans(atMs: number, rowsMax: number): Promise<number> {
      const plan = await db.get(
        'SELECT project_id, plan_id FROM plan WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT 1',
        atMs,
      )
      if (plan === undefined) return 0
      const [project, planId] = [String(plan.project_id), String(plan.plan_id)]
      await lockPlans(db, project)
      // It may have been applied meanwhile, which lets it expire later.
      const locked = await db.get(
        `SELECT items FROM plan WHERE ${ONE_PLAN} AND expires_at_ms <= ?`,
        project,
        planId,
        atMs,
      )
      if (locked === undefined) return 0
      const first = await db.get(`SELECT MIN(place) AS place FROM plan_item WHERE ${ONE_PLAN}`, project, planId)
      if (first?.place === null || first?.place === undefined) {
        await db.run(`DELETE FROM plan WHERE ${ONE_PLAN}`, project, planId)
        return 1
      }
      const end = Number(first.place) + rowsMax
      await db.run(`DELETE FROM plan_item WHERE ${ONE_PLAN} AND place < ?`, project, planId, end)
      await remove(project, planId)
      await db.run(`UPDATE plan SET next_place = ? WHERE ${ONE_PLAN}`, end, project, planId)
      return Math.min(rowsMax, Number(locked.items) - Number(first.place))
    },
  }
}
