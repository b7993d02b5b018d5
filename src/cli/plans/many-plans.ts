import type { Io } from '../io.ts'
import { type OnConflict, type Plan, type PlanCalls, PlanConflicts } from './plan-calls.ts'
import { carryOut } from './run-plan.ts'

// A change of many resources that may be in several projects: each has a plan of its own.

/** The plan of one project. `project` is its name; undefined if the change is in one project only. */
export type Planned = { readonly project: string | undefined; readonly calls: PlanCalls; readonly plan: Plan }

/** The plan of one project after it was applied, with what kept it from being applied. */
export type AppliedPlan = Planned & { readonly conflicts: PlanConflicts | undefined }

/** Adds up numbers of the summaries of plans. */
export function sum(
  planned: readonly Planned[],
  member: 'matched' | 'changes' | 'unchanged' | 'refused' | 'conflicts',
): number {
  return planned.reduce((total, { plan }) => total + plan.summary[member], 0)
}

/** Deletes plans that are not to be applied. */
export async function removeAll(planned: readonly Planned[]): Promise<void> {
  for (const { calls, plan } of planned) await calls.remove(plan.id)
}

/** The option that names a project, for a command line in a message. */
export function inProject(project: string | undefined): string {
  return project === undefined ? '' : ` --project ${project}`
}

/**
 * Applies plans one after the other, up to the first with a conflict; those after it are deleted. The error of a plan says
 * what was done before it, and how to go on.
 */
export async function applyAll(
  io: Io,
  planned: readonly Planned[],
  onConflict: OnConflict,
): Promise<readonly AppliedPlan[]> {
  const applied: AppliedPlan[] = []
  for (const [i, each] of planned.entries()) {
    const done = await applyOne(io, each, onConflict).catch((error: unknown) => {
      throw stoppedAt(planned, i, error)
    })
    applied.push(done)
    if (done.conflicts === undefined) continue
    await removeAll(planned.slice(i + 1))
    break
  }
  return applied
}

async function applyOne(io: Io, planned: Planned, onConflict: OnConflict): Promise<AppliedPlan> {
  const outcome = await carryOut(io, planned.calls, planned.plan.id, onConflict)
  if (outcome instanceof PlanConflicts) return { ...planned, plan: outcome.plan, conflicts: outcome }
  return { ...planned, plan: outcome, conflicts: undefined }
}

function stoppedAt(planned: readonly Planned[], at: number, error: unknown): unknown {
  const [stopped, ...rest] = planned.slice(at)
  if (stopped?.project === undefined || !(error instanceof Error)) return error
  const before = planned.slice(0, at).map(({ project }) => project)
  const done = before.length === 0 ? '' : `; the projects before it were changed: ${before.join(', ')}`
  const lines = [stopped, ...rest].map(({ project, plan }) => `\n  tagwerk plan apply ${plan.id}${inProject(project)}`)
  return new Error(`project ${stopped.project}: ${error.message}${done}. To go on:${lines.join('')}`, { cause: error })
}
