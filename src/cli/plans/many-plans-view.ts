import { type Io, writeJson, writeLine } from '../io.ts'
import { type OutputOptions, print } from '../output.ts'
import { counted } from '../resource-types.ts'
import { type AppliedPlan, inProject, type Planned, sum } from './many-plans.ts'
import type { PlanItem } from './plan-calls.ts'
import { ITEM_HEAD, rowsOf, sentenceOf } from './plan-view.ts'
import { showBrief, writeConflicts } from './run-plan.ts'

/** Projects whose plans are shown before a question. */
const PROJECTS_SHOWN_MAX = 10
/** Resources of each project that a preview lists. */
const ITEMS_MAX = 1000

/** Shows the plans before a question. */
export async function showMany(io: Io, planned: readonly Planned[]): Promise<void> {
  for (const { project, calls, plan } of planned.slice(0, PROJECTS_SHOWN_MAX)) {
    if (project !== undefined) await writeLine(io.stderr, `Project ${project}:`)
    await showBrief(io, calls, plan)
  }
  const more = planned.length - PROJECTS_SHOWN_MAX
  if (more > 0)
    await writeLine(io.stderr, `... and ${more.toLocaleString('en-GB')} more projects (--dry-run lists all)`)
}

/** Prints what plans would change, and that nothing was changed. */
export async function printPreview(io: Io, planned: readonly Planned[], options: OutputOptions): Promise<void> {
  const previews: { readonly of: Planned; readonly items: readonly PlanItem[] }[] = []
  for (const of of planned) previews.push({ of, items: await of.calls.items(of.plan.id, ITEMS_MAX) })
  await print(io, options, {
    json: {
      ...totalsOf(planned, true),
      projects: previews.map(({ of: { project, plan }, items }) => ({ ...named(project), ...plan, items })),
    },
    head: ['PROJECT', ...ITEM_HEAD],
    rows: previews.flatMap(({ of: { project = '' }, items }) => rowsOf(items).map((row) => [project, ...row])),
  })
  if (options.json) return
  for (const { project, plan } of planned) await writeLine(io.stderr, `${inFront(project)}${sentenceOf(plan)}`)
  const listed = previews.reduce((total, { items }) => total + items.length, 0)
  const hidden = sum(planned, 'changes') + sum(planned, 'refused') - listed
  if (hidden > 0) {
    await writeLine(io.stderr, `${hidden.toLocaleString('en-GB')} more; the first 1,000 of each project are listed.`)
  }
  await writeLine(io.stderr, 'Nothing was changed.')
}

/** What a change of many has done: all plans, and those that were applied. */
export type ManyDone = { readonly planned: readonly Planned[]; readonly applied: readonly AppliedPlan[] }

/** Reports a change of many. Says whether some resources were left alone because of conflicts. */
export async function reportMany(io: Io, done: ManyDone, options: OutputOptions, what: string): Promise<boolean> {
  const { planned, applied } = done
  const changed = changedBy(applied)
  if (options.json || options.csv) await printDone(io, done, options)
  else if (changed === 0) await writeLine(io.stdout, 'Nothing was changed.')
  else {
    const past = what.startsWith('set') ? what : what.replace('remove', 'removed')
    const lines = applied
      .filter(({ plan }) => (plan.applied?.changed ?? 0) > 0)
      .map(({ project, plan }) => `tagwerk plan undo ${plan.id}${inProject(project)}`)
    const undo = lines.length === 1 ? ` ${lines[0]}` : `\n  ${lines.join('\n  ')}`
    await writeLine(io.stdout, `${capital(past)} ${counted(changed)}. To take it back:${undo}`)
  }
  let hasConflicts = false
  for (const { project, plan, conflicts } of applied) {
    if (conflicts !== undefined) await writeConflicts(io, conflicts, project)
    hasConflicts ||= conflicts !== undefined || (plan.applied?.conflicts ?? 0) > 0
  }
  const left = applied.reduce((total, { plan }) => total + (plan.applied?.conflicts ?? 0), 0)
  if (left > 0) await writeLine(io.stderr, `warning: left alone, because of changes meanwhile: ${counted(left)}.`)
  const changing = planned.filter(({ plan }) => plan.summary.changes > 0)
  const untried = changing.slice(applied.length).map(({ project }) => project)
  if (untried.length > 0) await writeLine(io.stderr, `warning: projects that were not changed: ${untried.join(', ')}.`)
  return hasConflicts
}

async function printDone(io: Io, { planned, applied }: ManyDone, options: OutputOptions): Promise<void> {
  const outcomes = planned.map((each) => applied.find(({ plan }) => plan.id === each.plan.id) ?? each)
  if (options.json) {
    await writeJson(io.stdout, {
      ...totalsOf(planned, false),
      changed: changedBy(applied),
      projects: outcomes.map(({ project, plan }) => ({ ...named(project), ...plan })),
    })
    return
  }
  await print(io, options, {
    json: undefined,
    head: ['PROJECT', 'MATCHED', 'CHANGED', 'UNCHANGED', 'REFUSED', 'CONFLICTS', 'PLAN'],
    rows: outcomes.map(({ project = '', plan: { id, summary, applied } }) => {
      const { changed = 0, conflicts = 0 } = applied ?? {}
      return [project, ...[summary.matched, changed, summary.unchanged, summary.refused, conflicts].map(String), id]
    }),
  })
}

function totalsOf(planned: readonly Planned[], isDryRun: boolean) {
  return {
    dry_run: isDryRun,
    total_count: sum(planned, 'matched'),
    changed: sum(planned, 'changes'),
    unchanged: sum(planned, 'unchanged'),
    refused: sum(planned, 'refused'),
  }
}

function changedBy(applied: readonly AppliedPlan[]): number {
  return applied.reduce((total, { plan }) => total + (plan.applied?.changed ?? 0), 0)
}

function named(project: string | undefined) {
  return project === undefined ? {} : { project_name: project }
}

function inFront(project: string | undefined): string {
  return project === undefined ? '' : `${project}: `
}

/** A text with a capital at its start. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
