import type { Command } from 'commander'
import { readClientConfig } from '../config/config.ts'
import { askYes } from './ask-yes.ts'
import { Client } from './client.ts'
import { type Call, EXIT, UsageError } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { ApiError } from './error-answer.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { type OutputOptions, print } from './output.ts'
import { type AllProjectsOption, logInToPlace } from './project.ts'
import { byType, counted, type TypesOption } from './resource-types.ts'
import { applyToMany, type ManyReport, type ManyRequest, previewMany, queryResources } from './resources.ts'
import { RowProgress } from './row-progress.ts'
import { describeTags, type TagArgument } from './tag-arguments.ts'

/** The parsed options of a change of many resources. */
export type ManyOptions = ConditionOptions &
  TypesOption &
  AllProjectsOption &
  OutputOptions & { readonly all?: true; readonly yes?: true; readonly dryRun?: true }

/** The help text of commands that change one resource or many. */
export const MANY_HELP =
  'With conditions, such as --tag, changes all resources that match: shows how many and which, and asks on a terminal; ' +
  'elsewhere --yes is needed. Nothing is changed if other resources match in the meantime, or if one of them cannot be ' +
  'changed. Up to 500 resources are one change; more are changed 500 at a time.'

/** Resources that a preview names. */
const SHOWN_MAX = 10

/** Declares the options that select many resources. */
export function declareMany(command: Command): Command {
  return declareConditions(command)
    .option('--all', 'change all resources, of the types of --type if given')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--yes', 'change without a question')
}

/** Says whether the options select many resources. */
export function selectsMany(options: ManyOptions): boolean {
  return options.all === true || Object.keys(conditionsOf(options)).length > 0
}

/** A change of a project that was previewed. */
type Planned = { readonly client: Client; readonly preview: Awaited<ReturnType<typeof previewMany>> }

/** Adds tags to all resources that match, or removes them. Resolves with the exit code. */
export async function changeMany(
  call: Call<ManyOptions>,
  action: 'create' | 'delete',
  tags: readonly TagArgument[],
): Promise<number> {
  const { io, options } = call
  const { type: types, yes, dryRun } = options
  const request: ManyRequest = {
    select: { ...conditionsOf(options), ...(types && { resource_types: types }) },
    action,
    tags: tags.map(({ key, value }) => ({ key, ...(value !== undefined && { value }) })),
  }
  const planned = await plan(call, request)
  const reports = planned.map(({ preview }) => preview)
  const changed = sum(reports, 'changed')
  const what = action === 'create' ? `set ${describeTags(tags)} on` : `remove ${describeTags(tags)} from`
  const refused = sum(reports, 'refused')
  if (dryRun) {
    await printPreview(io, planned, options)
    return refused === 0 ? EXIT.ok : EXIT.refused
  }
  if (refused > 0) throw refusal(planned, refused)
  if (changed > 0 && !yes) await confirm(io, planned, `${capital(what)} ${counted(changed)}?`)
  const done = await apply(io, planned, request)
  return report(io, done, options, what)
}

/** Previews the change in the project, or in each project that has matches. */
async function plan(call: Call<ManyOptions>, request: ManyRequest): Promise<readonly Planned[]> {
  const { options, sources } = call
  const place = await logInToPlace(sources, options)
  if (!place.isDomain) return [{ client: place.client, preview: await previewMany(place.client, request) }]
  const config = readClientConfig(sources)
  const { projects = [] } = await queryResources(place, options.type, { ...conditionsOf(options), limit: 0 })
  const planned: Planned[] = []
  for (const { project_name } of projects) {
    const client = await Client.logIn(config, { project: project_name })
    planned.push({ client, preview: await previewMany(client, request) })
  }
  return planned
}

async function printPreview(io: Io, planned: readonly Planned[], options: ManyOptions): Promise<void> {
  const reports = planned.map(({ preview }) => preview)
  await print(io, options, {
    json: {
      dry_run: true,
      total_count: sum(reports, 'total_count'),
      changed: sum(reports, 'changed'),
      unchanged: sum(reports, 'unchanged'),
      refused: sum(reports, 'refused'),
      projects: planned.map(({ client, preview: { revision: _, batches: _none, ...preview } }) => ({
        project_name: client.project?.name,
        ...preview,
      })),
    },
    head: ['PROJECT', 'TYPE', 'ID', 'NAME'],
    rows: rowsOf(planned),
  })
  await writeLine(io.stderr, `${summaryOf(reports)} Nothing was changed.`)
  const hidden = sum(reports, 'changed') - rowsOf(planned).length
  if (hidden > 0)
    await writeLine(
      io.stderr,
      `${hidden.toLocaleString('en-GB')} more would change; the first 1,000 of each project are shown.`,
    )
}

function rowsOf(planned: readonly Planned[]): string[][] {
  return planned.flatMap(({ client, preview }) =>
    preview.resources.map(({ resource_type, resource_id, resource_name }) => [
      client.project?.name ?? '',
      resource_type,
      resource_id,
      resource_name,
    ]),
  )
}

/** Shows the first resources and asks. Throws a UsageError unless the answer is yes. */
async function confirm(io: Io, planned: readonly Planned[], question: string): Promise<void> {
  const summary = summaryOf(planned.map(({ preview }) => preview))
  if (io.stdin.isTTY !== true) throw new UsageError(`${summary} Nothing is changed: add --yes to change them`)
  const rows = rowsOf(planned)
  for (const row of rows.slice(0, SHOWN_MAX))
    await writeLine(io.stderr, `  ${row.filter((cell) => cell !== '').join('  ')}`)
  if (rows.length > SHOWN_MAX) await writeLine(io.stderr, '  ... (--dry-run shows more)')
  await writeLine(io.stderr, summary)
  if (!(await askYes(io, question))) throw new UsageError('cancelled, nothing was changed')
}

/** Changes one project after the other. The error of a later one says what was done before it. */
async function apply(io: Io, planned: readonly Planned[], request: ManyRequest) {
  const progress = new RowProgress(io.stderr, () => performance.now(), 'projects')
  const done: { readonly project_name: string; readonly report: ManyReport }[] = []
  try {
    for (const { client, preview } of planned) {
      const project_name = client.project?.name ?? ''
      try {
        done.push({ project_name, report: await applyToMany(client, request, preview.revision) })
      } catch (error) {
        const before = done.map((each) => each.project_name).join(', ')
        const again =
          error instanceof ApiError && error.status === 412 ? '. Run the command again to see what matches now' : ''
        const rest = before === '' ? '' : `; the projects before it were changed: ${before}`
        throw new Error(`project ${project_name}: ${(error as Error).message}${rest}${again}`, { cause: error })
      }
      progress.update(done.length, planned.length)
    }
  } finally {
    progress.stop()
  }
  return done
}

async function report(
  io: Io,
  done: Awaited<ReturnType<typeof apply>>,
  options: ManyOptions,
  what: string,
): Promise<number> {
  const reports = done.map((each) => each.report)
  const changed = sum(reports, 'changed')
  if (options.json) {
    const projects = done.map(({ project_name, report }) => ({ project_name, ...report }))
    const total_count = sum(reports, 'total_count')
    await writeJson(io.stdout, { dry_run: false, total_count, changed, unchanged: sum(reports, 'unchanged'), projects })
  } else if (options.csv) {
    await print(io, options, {
      json: undefined,
      head: ['PROJECT', 'MATCHED', 'CHANGED', 'UNCHANGED'],
      rows: done.map(({ project_name, report: { total_count, changed, unchanged } }) => [
        project_name,
        ...[total_count, changed, unchanged].map(String),
      ]),
    })
  } else {
    const past = what.startsWith('set') ? what : what.replace('remove', 'removed')
    await writeLine(io.stdout, `${capital(past)} ${counted(changed)}.`)
  }
  let code: number = EXIT.ok
  for (const { project_name, report } of done) {
    const failed = report.batches.find(({ error_msg }) => error_msg !== undefined)
    if (failed === undefined) continue
    code = EXIT.refused
    await writeLine(
      io.stderr,
      `warning: project ${project_name}: ${failed.error_msg} ${counted(report.changed)} were changed before it; run the command again for the rest.`,
    )
  }
  return code
}

function refusal(planned: readonly Planned[], refused: number): Error {
  const refusals = planned.flatMap(({ preview }) => preview.refusals)
  const names = refusals.slice(0, SHOWN_MAX).map(({ resource_type, resource_id }) => `${resource_type} ${resource_id}`)
  const code = refusals[0]?.error_code ?? ''
  const more = refused > names.length ? ' and others' : ''
  return new Error(`${counted(refused)} cannot be changed (${code}): ${names.join(', ')}${more}; nothing was changed`)
}

function summaryOf(reports: readonly ManyReport[]): string {
  const total = sum(reports, 'total_count')
  const counts: Record<string, number> = {}
  for (const report of reports) {
    for (const [type, count] of Object.entries(report.counts)) if (count > 0) counts[type] = (counts[type] ?? 0) + count
  }
  const types = total === 0 ? '' : ` (${byType(counts)})`
  const unchanged = sum(reports, 'unchanged')
  const already = unchanged === 0 ? '' : `, ${counted(unchanged)} already are as they should be`
  const refused = sum(reports, 'refused')
  const cannot = refused === 0 ? '' : `, ${counted(refused)} cannot be changed`
  const inProjects = reports.length > 1 ? ` in ${reports.length} projects` : ''
  const verb = total === 1 ? 'matches' : 'match'
  return `${counted(total)}${inProjects} ${verb}${types}: ${counted(sum(reports, 'changed'))} would change${already}${cannot}.`
}

function sum(reports: readonly ManyReport[], member: 'total_count' | 'changed' | 'unchanged' | 'refused'): number {
  return reports.reduce((total, report) => total + report[member], 0)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
