import {
  CONFLICTS_NAMED_MAX,
  type CommitVerdict,
  type PlanCommit,
  type PlanConflict,
  type PlanItem,
  type PlanRecord,
} from '../plan-store.ts'
import type { Verdict, WriteRequest } from '../store.ts'
import { CONFLICT_PLAN_ITEM, UPDATE_PLAN_ITEM } from './batch-statements.ts'
import { planReads } from './plan-reader.ts'
import { lockPlans, lockProjectRow } from './row-locks.ts'
import type { SqlConnection, SqlValue } from './sql.ts'
import { TagWriter } from './tag-writer.ts'

/** Items that are read, decided and written together: what one plain commit takes. */
const ITEMS_PER_BATCH = 500

/** Applies plans over one connection of either engine; see `PlanStore.commitPlan`. */
export function planCommits(db: SqlConnection) {
  const reads = planReads(db)
  const tags = new TagWriter(db)

  return {
    async commitPlan(
      project: string,
      planId: string,
      from: number,
      to: number,
      commit: PlanCommit,
    ): Promise<CommitVerdict> {
      // In the order in which plain commits take the first of them.
      await lockProjectRow(db, project)
      await lockPlans(db, project)
      const plan = await reads.getPlan(project, planId, commit.atMs)
      if (plan === undefined) return { verdict: 'absent' }
      if (plan.state === 'applied' || plan.nextPlace !== from) return { verdict: 'done', plan }
      // Calls that share the transaction keep their effect when this one is taken back.
      await db.run('SAVEPOINT plan_commit')
      const applied = await applyItems(project, plan, from, Math.min(to, plan.items), commit)
      const { conflicts, count } = applied
      if (count > 0 && commit.onConflict === 'fail') {
        await db.run('ROLLBACK TO SAVEPOINT plan_commit')
        return { verdict: 'conflicts', plan, count, conflicts }
      }
      await db.run('RELEASE SAVEPOINT plan_commit')
      await updatePlan(project, plan, to, applied, commit)
      const after = await reads.getPlan(project, planId, commit.atMs)
      if (after === undefined) throw new Error(`the plan ${planId} is gone after it was applied`)
      return { verdict: 'done', plan: after }
    },
  }

  async function applyItems(
    project: string,
    plan: PlanRecord,
    from: number,
    to: number,
    commit: PlanCommit,
  ): Promise<Applied> {
    const all: Applied = { changed: 0, count: 0, conflicts: [], first: undefined, last: undefined }
    for (let start = from; start < to; start += ITEMS_PER_BATCH) {
      const end = Math.min(start + ITEMS_PER_BATCH, to)
      const items = await reads.getPlanItems(project, plan.id, start, end)
      if (items.length !== end - start) throw new Error(`the plan ${plan.id} lacks items from ${start} to ${end}`)
      const changes = items.filter(({ state }) => state === 'change')
      if (changes.length === 0) continue
      const verdicts = await tags.commit(
        project,
        changes.map((item) => toRequest(plan, item, commit)),
      )
      await writeResults(project, plan.id, changes, verdicts)
      count(all, changes, verdicts)
    }
    return all
  }

  async function writeResults(
    project: string,
    planId: string,
    items: readonly PlanItem[],
    verdicts: readonly Verdict[],
  ): Promise<void> {
    const applied: SqlValue[][] = []
    const conflicts: SqlValue[][] = []
    for (const [i, verdict] of verdicts.entries()) {
      const key = [project, planId, items[i]?.place ?? 0]
      if (verdict.outcome === 'changed') applied.push(['applied', verdict.revision, ...key])
      else if (verdict.outcome === 'unchanged') applied.push(['unchanged', 0, ...key])
      else conflicts.push(['conflict', verdict.code, ...key])
    }
    await db.runBatch(UPDATE_PLAN_ITEM, applied)
    await db.runBatch(CONFLICT_PLAN_ITEM, conflicts)
  }

  async function updatePlan(
    project: string,
    plan: PlanRecord,
    to: number,
    { changed, count, first, last }: Applied,
    { actor, atMs, expiresAtMs }: PlanCommit,
  ): Promise<void> {
    const { appliedFrom = first === undefined ? undefined : first - 1, appliedTo } = plan
    const next = Math.min(to, plan.items)
    await db.run(
      `UPDATE plan SET state = ?, next_place = ?, applied = ?, conflicts = ?, applied_from = ?, applied_to = ?,
        applied_by = ?, applied_at_ms = ?, expires_at_ms = ? WHERE project_id = ? AND plan_id = ?`,
      ...[next === plan.items ? 'applied' : 'partly-applied', next],
      ...[plan.applied + changed, plan.conflicts + count, appliedFrom ?? null, last ?? appliedTo ?? null],
      ...[actor, atMs, expiresAtMs, project, plan.id],
    )
  }
}

/** The outcome of the changes of a part. */
type Applied = {
  changed: number
  /** Number of conflicts. */
  count: number
  readonly conflicts: PlanConflict[]
  /** Revisions of the first and the last change. */
  first: number | undefined
  last: number | undefined
}

function count(all: Applied, items: readonly PlanItem[], verdicts: readonly Verdict[]): void {
  for (const [i, verdict] of verdicts.entries()) {
    if (verdict.outcome === 'changed') {
      all.changed++
      all.first ??= verdict.revision
      all.last = verdict.revision
    } else if (verdict.outcome === 'refused') {
      all.count++
      if (all.conflicts.length < CONFLICTS_NAMED_MAX) all.conflicts.push(toConflict(items[i] as PlanItem, verdict))
    }
  }
}

function toConflict({ type, id }: PlanItem, { code, facts }: Extract<Verdict, { outcome: 'refused' }>): PlanConflict {
  if (code !== 'tag-conflict') return { type, id, code, key: undefined, actual: undefined }
  return { type, id, code, key: facts.field, actual: typeof facts.value === 'string' ? facts.value : undefined }
}

function toRequest(
  { id: planId, undoOf }: PlanRecord,
  { type, id, patch }: PlanItem,
  { rules, actor, requestId, atMs }: PlanCommit,
): WriteRequest {
  const ofType = rules[type]
  if (ofType === undefined) throw new Error(`the plan ${planId} is applied without rules for ${type}`)
  const cause = `${undoOf === undefined ? 'plan' : 'undo'}:${planId}`
  return { type, id, change: { kind: 'patch-tags', ...patch }, rules: ofType, actor, requestId, atMs, cause }
}
