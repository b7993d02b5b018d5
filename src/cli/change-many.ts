import type { Command } from 'commander'
import { readClientConfig } from '../config/config.ts'
import { askYes } from './ask-yes.ts'
import { Client } from './client.ts'
import { type Call, EXIT, UsageError } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import type { Io } from './io.ts'
import type { OutputOptions } from './output.ts'
import { applyAll, inProject, type Planned, removeAll, sum } from './plans/many-plans.ts'
import { capital, printPreview, reportMany, showMany } from './plans/many-plans-view.ts'
import { planCalls } from './plans/plan-calls.ts'
import { reasonOf } from './plans/plan-view.ts'
import { type AllProjectsOption, logInToPlace } from './project.ts'
import { counted, type TypesOption } from './resource-types.ts'
import { queryResources } from './resources.ts'
import { describeTags, type TagArgument } from './tag-arguments.ts'

/** The parsed options of a change of many resources. */
export type ManyOptions = ConditionOptions &
  TypesOption &
  AllProjectsOption &
  OutputOptions & {
    readonly all?: true
    readonly yes?: true
    readonly dryRun?: true
    readonly skipConflicts?: true
    readonly skipRefused?: true
  }

/** The help text of commands that change one resource or many. */
export const MANY_HELP =
  'With conditions such as --tag, makes a plan for all matching resources, prints it, and asks for confirmation on a ' +
  'terminal; without a terminal, --yes is required. Nothing is changed if a tag was changed meanwhile, or if a resource ' +
  'cannot be changed. Prints the command that undoes the change. With --all-projects, makes one plan per project and ' +
  'applies them in sequence.'

/** Resources that an error names. */
const NAMED_MAX = 10

/** Declares the options that select many resources. */
export function declareMany(command: Command): Command {
  return declareConditions(command)
    .option('--all', 'change all resources, of the types of --type if given')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--yes', 'change without a question')
    .option('--skip-conflicts', 'leave out resources that have changed meanwhile, instead of changing nothing')
    .option('--skip-refused', 'leave out resources that cannot be changed, instead of changing nothing')
}

/** Says whether the options select many resources. */
export function selectsMany(options: ManyOptions): boolean {
  return options.all === true || Object.keys(conditionsOf(options)).length > 0
}

/** Adds tags to all resources that match, or removes them. Resolves with the exit code. */
export async function changeMany(
  call: Call<ManyOptions>,
  action: 'create' | 'delete',
  tags: readonly TagArgument[],
): Promise<number> {
  const { io, options } = call
  const what = action === 'create' ? `set ${describeTags(tags)} on` : `remove ${describeTags(tags)} from`
  const planned = await makePlans(call, [action === 'create' ? toSetting(tags) : toRemoval(tags)])
  const refused = sum(planned, 'refused')
  if (options.dryRun) {
    await printPreview(io, planned, options)
    await removeAll(planned)
    return refused === 0 ? EXIT.ok : EXIT.refused
  }
  if (refused > 0 && !options.skipRefused) {
    const error = await refusalOf(planned, refused)
    await removeAll(planned)
    throw error
  }
  if (!options.json && !options.csv) await showMany(io, planned)
  const changing = planned.filter(({ plan }) => plan.summary.changes > 0)
  await removeAll(planned.filter((each) => !changing.includes(each)))
  if (changing.length > 0 && !options.yes) await confirm(io, changing, what)
  const applied = await applyAll(io, changing, options.skipConflicts ? 'skip' : 'fail')
  const hasConflicts = await reportMany(io, { planned, applied }, options, what)
  return refused > 0 || hasConflicts ? EXIT.refused : EXIT.ok
}

function toSetting(tags: readonly TagArgument[]) {
  return { set: Object.fromEntries(tags.map(({ key, value = '' }) => [key, value])) }
}

function toRemoval(tags: readonly TagArgument[]) {
  const keys = tags.filter(({ value }) => value === undefined).map(({ key }) => key)
  const exact = tags.filter(({ value }) => value !== undefined).map(({ key, value }) => [key, value])
  return {
    remove: { ...(keys.length > 0 && { keys }), ...(exact.length > 0 && { tags: Object.fromEntries(exact) }) },
  }
}

/** Plans the change in the project, or in each project that has matches. */
async function makePlans(call: Call<ManyOptions>, actions: readonly unknown[]): Promise<readonly Planned[]> {
  const { options, sources } = call
  const conditions = conditionsOf(options)
  const body = { select: { ...conditions, ...(options.type && { resource_types: options.type }) }, actions }
  const place = await logInToPlace(sources, options)
  if (!place.isDomain) {
    const calls = planCalls(place.client)
    return [{ project: undefined, calls, plan: await calls.create(body) }]
  }
  const config = readClientConfig(sources)
  const { projects = [] } = await queryResources(place, options.type, { ...conditions, limit: 0 })
  const planned: Planned[] = []
  for (const { project_name: project } of projects) {
    try {
      const calls = planCalls(await Client.logIn(config, { project }))
      planned.push({ project, calls, plan: await calls.create(body) })
    } catch (error) {
      await removeAll(planned)
      throw new Error(`project ${project}: ${(error as Error).message}; nothing was changed`, { cause: error })
    }
  }
  return planned
}

/** The error for resources that cannot be changed, which names the first of them. */
async function refusalOf(planned: readonly Planned[], refused: number): Promise<Error> {
  const names: string[] = []
  for (const { project, calls, plan } of planned) {
    if (plan.summary.refused === 0 || names.length === NAMED_MAX) continue
    const items = await calls.items(plan.id, NAMED_MAX - names.length, 'refused')
    const where = project === undefined ? '' : `${project} `
    names.push(
      ...items.map(
        ({ resource_type, resource_id, error_code = '' }) =>
          `${where}${resource_type} ${resource_id} (${reasonOf(error_code)})`,
      ),
    )
  }
  const more = refused > names.length ? ` and ${(refused - names.length).toLocaleString('en-GB')} more` : ''
  return new Error(
    `${counted(refused)} cannot be changed: ${names.join(', ')}${more}; nothing was changed. To change the others, add ` +
      '--skip-refused',
  )
}

/** Asks. Throws a UsageError unless the answer is yes. */
async function confirm(io: Io, changing: readonly Planned[], what: string): Promise<void> {
  if (io.stdin.isTTY !== true) {
    const lines = changing.map(({ project, plan }) => `tagwerk plan apply ${plan.id}${inProject(project)} --yes`)
    const how = lines.length === 1 ? `the plan with "${lines[0]}"` : `the plans with\n  ${lines.join('\n  ')}\n`
    throw new UsageError(`nothing was changed: apply ${how}, or add --yes to change at once`)
  }
  if (await askYes(io, `${capital(what)} ${counted(sum(changing, 'changes'))}?`)) return
  await removeAll(changing)
  throw new UsageError('cancelled, nothing was changed')
}
