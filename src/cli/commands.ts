import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config/setting.ts'
import { readVersion } from '../config/version.ts'
import { toVisibleLines } from '../core/visible-text.ts'
import { accessKey } from './access-key.ts'
import { domainGroup } from './accounts/domain.ts'
import { keyGroup } from './accounts/key.ts'
import { projectGroup } from './accounts/project.ts'
import { roleGroup } from './accounts/role.ts'
import { userGroup } from './accounts/user.ts'
import { adminPassword } from './admin-password.ts'
import { backup } from './backup.ts'
import { blame } from './blame.ts'
import { check } from './check.ts'
import { paint } from './colors.ts'
import { type CliCommand, type CommandGroup, EXIT, mountCommand, mountGroup, UsageError } from './command.ts'
import { completeCommand, completion } from './completion.ts'
import { convert } from './convert.ts'
import { copy } from './copy.ts'
import { count } from './count.ts'
import { coverage } from './coverage.ts'
import { demo } from './demo.ts'
import { diff } from './diff.ts'
import { env } from './env.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { type Io, processIo, writeStyled } from './io.ts'
import { keys, values } from './keys.ts'
import { log } from './log.ts'
import { migrate } from './migrate.ts'
import { nearDuplicates } from './near-duplicates.ts'
import { planGroup } from './plans/plan.ts'
import { mapValues, renameKey } from './plans/short-forms.ts'
import { policyGroup } from './policies/policy.ts'
import { projects } from './projects.ts'
import { query } from './query.ts'
import { report } from './report/report.ts'
import { restore } from './restore.ts'
import { rotateKeysCommand } from './rotate-keys.ts'
import { search } from './search.ts'
import { SeedRefused } from './seed.ts'
import { serve } from './serve.ts'
import { Interrupted } from './signals.ts'
import { tag } from './tag.ts'
import { tags } from './tags.ts'
import { token } from './token.ts'
import { untag } from './untag.ts'

const COMMANDS: readonly CliCommand[] = [
  serve,
  demo,
  migrate,
  copy,
  backup,
  restore,
  check,
  adminPassword,
  rotateKeysCommand,
  importCommand,
  exportCommand,
  convert,
  query,
  search,
  count,
  tag,
  untag,
  renameKey,
  mapValues,
  tags,
  keys,
  values,
  nearDuplicates,
  report,
  coverage,
  log,
  blame,
  diff,
  token,
  accessKey,
  env,
  projects,
  completion,
  completeCommand,
]

const GROUPS: readonly CommandGroup[] = [
  planGroup,
  policyGroup,
  domainGroup,
  projectGroup,
  userGroup,
  roleGroup,
  keyGroup,
]

const ABOUT = [
  'A self-hosted resource tag service, and a client for it.',
  '',
  'serve and demo run a service. migrate, copy, backup, restore, check, admin-password and rotate-keys work on a store ' +
    'directly. convert calls nothing. All other commands are clients, which call a service over HTTP.',
].join('\n')

const EXIT_CODES = `
Exit codes: 0 success; 1 failure; 2 invalid command line or setting; 3 an import, a seed, a
plan or a change of many resources is refused in part;
130 and 143 Ctrl-C (SIGINT) and SIGTERM stopped an import, an export or the import of a seed.`

/** Runs one command line, given without the program's name. Resolves with the exit code; errors go to standard error. */
export async function runCommand(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let code: number = EXIT.ok
  const program = buildProgram(io, (exitCode) => {
    code = exitCode
  })
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    // Commander has already printed the usage error or the requested help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    const label = paint(io, io.stderr, 'red', 'error:')
    await writeStyled(io.stderr, `${label} ${toVisibleLines(describe(error))}\n`)
    return exitCodeOf(error)
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError || error instanceof UsageError) return EXIT.usage
  if (error instanceof SeedRefused) return EXIT.refused
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Interrupted ? cause.exitCode : EXIT.failed
}

function buildProgram(io: Io, onExit: (code: number) => void): Command {
  const program = new Command('tagwerk')
    .description(ABOUT)
    .version(readVersion())
    .exitOverride()
    .showHelpAfterError('(add "--help" after the command to see its usage)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(toVisibleLines(text)),
      writeErr: (text) => io.stderr.write(toVisibleLines(text)),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
    .addHelpText('after', EXIT_CODES)
  for (const command of COMMANDS) mountCommand(program, command, io, onExit)
  for (const group of GROUPS) mountGroup(program, group, io, onExit)
  return program
}

/** One line for an expected error; the stack trace for a defect of the program. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isDefect = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  return isDefect && error.stack !== undefined ? error.stack : error.message
}
