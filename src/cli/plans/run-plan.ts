import type { Command } from 'commander'
import { askYes } from '../ask-yes.ts'
import { EXIT, UsageError } from '../command.ts'
import { type Io, writeJson, writeLine } from '../io.ts'
import { counted } from '../resource-types.ts'
import { RowProgress } from '../row-progress.ts'
import { type OnConflict, type Plan, type PlanCalls, PlanConflicts } from './plan-calls.ts'
import { conflictLine, showPlan } from './plan-view.ts'

/** The parsed options of commands that apply a plan. */
export type ApplyOptions = {
  readonly yes?: true
  readonly dryRun?: true
  readonly skipConflicts?: true
  readonly json?: true
}

/** The help text of commands that make a plan and apply it. */
export const PLAN_HELP =
  'Makes a plan, shows what it changes, and asks on a terminal; elsewhere --yes is needed. Changes all or nothing, if no ' +
  'resource has changed meanwhile, and says how to take it back.'

/** Resources that are shown before a question. */
const SHOWN_MAX = 10
const CONFLICTS_SHOWN_MAX = 10

/** Declares the options of commands that apply a plan. */
export function declareApply(command: Command): Command {
  return command
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--yes', 'change without a question')
    .option('--skip-conflicts', 'leave out resources that have changed meanwhile, instead of changing nothing')
    .option('--json', 'print the plan as JSON')
}

/** Shows a plan with its first resources. */
export async function showBrief(io: Io, calls: PlanCalls, plan: Plan): Promise<void> {
  const { changes, refused, conflicts } = plan.summary
  const all = changes + refused + conflicts
  const items = await calls.items(plan.id, SHOWN_MAX)
  await showPlan(io, plan, items, all - items.length)
}

/**
 * Shows a plan that was just made, asks, and applies it. A plan that changes nothing, was only to be shown, or is refused by
 * the answer is deleted. Resolves with the exit code.
 */
export async function runPlan(io: Io, calls: PlanCalls, plan: Plan, options: ApplyOptions): Promise<number> {
  const { changes, refused, conflicts } = plan.summary
  if (!options.json) await showBrief(io, calls, plan)
  if (changes === 0 || options.dryRun) {
    await calls.remove(plan.id)
    if (options.json) await writeJson(io.stdout, plan)
    else await writeLine(io.stdout, 'Nothing was changed.')
    return refused + conflicts === 0 ? EXIT.ok : EXIT.refused
  }
  if (!options.yes && !(await isWanted(io, plan))) {
    await calls.remove(plan.id)
    throw new UsageError('cancelled, nothing was changed')
  }
  return applyPlan(io, calls, plan.id, options)
}

async function isWanted(io: Io, { id, summary }: Plan): Promise<boolean> {
  if (io.stdin.isTTY === true) return askYes(io, `Change ${counted(summary.changes)}?`)
  throw new UsageError(
    `nothing was changed: apply the plan with "tagwerk plan apply ${id} --yes", or add --yes to change at once`,
  )
}

/** Applies a plan and reports it. Resolves with the exit code. */
export async function applyPlan(
  io: Io,
  calls: PlanCalls,
  id: string,
  { skipConflicts, json }: Pick<ApplyOptions, 'skipConflicts' | 'json'>,
): Promise<number> {
  const outcome = await carryOut(io, calls, id, skipConflicts ? 'skip' : 'fail')
  if (outcome instanceof PlanConflicts) {
    const { plan, count, conflicts } = outcome
    if (json) await writeJson(io.stdout, { ...plan, conflict_count: count, conflicts })
    await writeConflicts(io, outcome, undefined)
    return EXIT.refused
  }
  const { changed = 0, conflicts = 0 } = outcome.applied ?? {}
  if (json) await writeJson(io.stdout, outcome)
  else {
    await writeLine(io.stdout, `Changed ${counted(changed)}. To take it back: tagwerk plan undo ${id}`)
    if (conflicts > 0) {
      const list = `"tagwerk plan show ${id} --state conflict" lists them`
      await writeLine(io.stderr, `warning: left alone, because of changes meanwhile: ${counted(conflicts)}; ${list}.`)
    }
  }
  return conflicts === 0 ? EXIT.ok : EXIT.refused
}

/** Applies a plan, and shows the progress. Gives the plan, or the conflicts because of which it was not applied. */
export async function carryOut(
  io: Io,
  calls: PlanCalls,
  id: string,
  onConflict: OnConflict,
): Promise<Plan | PlanConflicts> {
  const progress = new RowProgress(io.stderr, () => performance.now())
  try {
    return await calls.apply(id, onConflict, ({ applied: part, summary: { changes } }) =>
      progress.update(part?.changed ?? 0, changes),
    )
  } catch (error) {
    if (!(error instanceof PlanConflicts)) throw error
    return error
  } finally {
    progress.stop()
  }
}

/** Says because of which conflicts a plan was not applied. `project` is its name if the command works in several. */
export async function writeConflicts(
  io: Io,
  { plan, count, conflicts }: PlanConflicts,
  project: string | undefined,
): Promise<void> {
  for (const conflict of conflicts.slice(0, CONFLICTS_SHOWN_MAX)) {
    await writeLine(io.stderr, `  ${conflictLine(conflict)}`)
  }
  const changed = plan.applied?.changed ?? 0
  const done = changed === 0 ? 'nothing was changed' : `${counted(changed)} were changed before`
  const [where, option] = project === undefined ? ['', ''] : [`project ${project}: `, ` --project ${project}`]
  await writeLine(
    io.stderr,
    `error: ${where}${counted(count)} changed since the plan was made; ${done}. Make a new plan, or apply it to the others: ` +
      `tagwerk plan apply ${plan.id}${option} --skip-conflicts`,
  )
}
