import { type Command, Option } from 'commander'
import { wholeNumber } from '../config/value-types.ts'
import { collect, optionParser, UsageError } from './command.ts'
import type { ChangeOptions } from './import-changes.ts'
import { LIMITS } from './import-run.ts'
import type { BatchLimits } from './line-batches.ts'

/** The parsed options of an import. */
export type ImportOptions = {
  readonly dryRun?: true
  readonly json?: true
  readonly csv?: true
  readonly lastWins?: true
  readonly ignoreColumn?: readonly string[]
  readonly tagsOnly?: 'merge' | 'replace'
  readonly badTags: 'refuse' | 'drop'
  readonly replace?: true
  readonly maxDeletePercent: number
  readonly yes?: true
  readonly limit: number
  readonly offset: number
  readonly all?: true
}

/** Number of changes that a dry run prints. */
const CHANGES_DEFAULT = 1000
const DELETE_PERCENT_DEFAULT = 10
/** The service lists as many changes in one answer, so that it lists all changes of a part. */
const DRY_RUN_LINES_MAX = 1000

/** Declares the options of an import. */
export function declareImportOptions(command: Command): Command {
  return command
    .option('--dry-run', 'print each change and the effect of all, change nothing')
    .addOption(
      new Option(
        '--tags-only <mode>',
        'change only the tags of resources that exist: merge keeps tags that a line does not have, replace removes them',
      ).choices(['merge', 'replace']),
    )
    .addOption(
      new Option(
        '--bad-tags <what>',
        'drop leaves out tags that break a rule, and lists them; refuse refuses their lines',
      )
        .choices(['refuse', 'drop'])
        .default('refuse'),
    )
    .addOption(
      new Option(
        '--replace',
        'make each project and type in the files what the files say: delete what they do not have, after a preview',
      ).conflicts('tagsOnly'),
    )
    .addOption(
      new Option(
        '--max-delete-percent <n>',
        'with --replace: delete nothing if more than this share of a type would be',
      )
        .argParser(optionParser('max-delete-percent', wholeNumber(0, 100)))
        .default(DELETE_PERCENT_DEFAULT),
    )
    .option('--yes', 'with --replace: do not ask before something is deleted')
    .option('--last-wins', 'let a line replace an earlier one of the same resource, instead of refusing it')
    .option('--ignore-column <name>', 'leave out a column of CSV files; can be repeated', collect)
    .option(
      '--json',
      'print the report as a JSON object, with up to 10,000 refused lines; before it, the changes of a dry run',
    )
    .addOption(new Option('--csv', 'print the changes of a dry run as CSV').conflicts('json'))
    .addOption(
      new Option('--limit <n>', 'changes that a dry run prints')
        .argParser(optionParser('limit', wholeNumber(0, Number.MAX_SAFE_INTEGER)))
        .default(CHANGES_DEFAULT),
    )
    .addOption(
      new Option('--offset <n>', 'changes to skip')
        .argParser(optionParser('offset', wholeNumber(0, Number.MAX_SAFE_INTEGER)))
        .default(0),
    )
    .addOption(new Option('--all', 'print all changes of a dry run').conflicts('limit'))
}

/** Throws a UsageError for options that need another one. */
export function checkImportOptions({ dryRun, csv, all, offset, replace, yes, ...more }: ImportOptions): void {
  const needsReplace = yes || more.maxDeletePercent !== DELETE_PERCENT_DEFAULT
  if (needsReplace && !replace) {
    throw new UsageError(`${yes ? '--yes' : '--max-delete-percent'} is about what --replace deletes: add --replace`)
  }
  if (all && replace)
    throw new UsageError('--replace prints at most 1000 changes at a time: use --offset instead of --all')
  if (dryRun) return
  const name = csv ? '--csv' : all ? '--all' : offset > 0 ? '--offset' : undefined
  if (name !== undefined) throw new UsageError(`${name} is about the changes that --dry-run prints: add --dry-run`)
}

/** Gives the query parameters of each part. `project` is that of lines without one. */
export function queryOf(options: ImportOptions, project: string | undefined): Readonly<Record<string, string>> {
  const { dryRun, lastWins, tagsOnly, badTags } = options
  return {
    ...(dryRun && { dry_run: 'true', changes_limit: String(DRY_RUN_LINES_MAX) }),
    ...(lastWins && { last_wins: 'true' }),
    ...(tagsOnly !== undefined && { tags_only: tagsOnly }),
    ...(badTags === 'drop' && { bad_tags: badTags }),
    ...(project !== undefined && { project }),
  }
}

/** Gives the query parameters of a body that is sent whole and replaces. */
export function replaceQueryOf(
  options: ImportOptions,
  project: string | undefined,
  isDryRun: boolean,
): Readonly<Record<string, string>> {
  const { changes_limit: _limit, dry_run: _dryRun, ...query } = queryOf(options, project)
  const { limit, offset } = changeOptionsOf(options)
  const page = { changes_limit: String(limit), changes_offset: String(offset) }
  return {
    ...query,
    ...{ replace: 'true', max_delete_percent: String(options.maxDeletePercent) },
    ...(isDryRun && { dry_run: 'true', ...(options.dryRun && page) }),
  }
}

/** Gives the limits of each part. */
export function limitsOf({ dryRun }: ImportOptions): BatchLimits {
  return dryRun ? { ...LIMITS, linesMax: DRY_RUN_LINES_MAX } : LIMITS
}

/** Says which changes are printed, and how. */
export function changeOptionsOf({ json, csv, all, limit, offset, replace }: ImportOptions): ChangeOptions {
  const format = json ? 'json' : csv ? 'csv' : 'text'
  if (replace) return { format, offset, limit: Math.min(limit, DRY_RUN_LINES_MAX), isPaged: true }
  return { format, offset, limit: all ? Number.MAX_SAFE_INTEGER : limit, isPaged: false }
}
