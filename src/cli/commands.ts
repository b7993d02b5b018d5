import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config/setting.ts'
import { readVersion } from '../config/version.ts'
import { accessKey } from './access-key.ts'
import { check } from './check.ts'
import { type CliCommand, EXIT, mountCommand, UsageError } from './command.ts'
import { copy } from './copy.ts'
import { count } from './count.ts'
import { demo } from './demo.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { type Io, processIo, writeLine } from './io.ts'
import { migrate } from './migrate.ts'
import { projects } from './projects.ts'
import { query } from './query.ts'
import { serve } from './serve.ts'
import { tag } from './tag.ts'
import { tags } from './tags.ts'
import { token } from './token.ts'

const COMMANDS: readonly CliCommand[] = [
  serve,
  demo,
  migrate,
  copy,
  check,
  importCommand,
  exportCommand,
  query,
  count,
  tag,
  tags,
  token,
  accessKey,
  projects,
]

const ABOUT = `A self-hosted resource tag service, and what goes with it.

serve and demo run a service, migrate prepares a store for one, copy moves everything into
another store, check looks whether everything agrees. All other commands are clients: they reach a service over
HTTP, as any other program does.`

const EXIT_CODES = `
Exit codes: 0 done; 1 failed; 2 the command line or a setting is wrong; 3 some lines of an import were refused.`

/** Runs one command line, without the program's name. Gives the exit code; failures are printed to standard error. */
export async function runCommand(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let code: number = EXIT.ok
  const program = buildProgram(io, (done) => {
    code = done
  })
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    // Commander has printed the error or the requested help already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    await writeLine(io.stderr, `error: ${describe(error)}`)
    return error instanceof ConfigError || error instanceof UsageError ? EXIT.usage : EXIT.failed
  }
}

function buildProgram(io: Io, onDone: (code: number) => void): Command {
  const program = new Command('tagwerk')
    .description(ABOUT)
    .version(readVersion())
    .exitOverride()
    .showHelpAfterError('("--help" after the command shows how it is used)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
    .addHelpText('after', EXIT_CODES)
  for (const command of COMMANDS) mountCommand(program, command, io, onDone)
  return program
}

/** One line for what went wrong outside; the whole stack for a defect in the program, which only that helps to find. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isDefect = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  return isDefect && error.stack !== undefined ? error.stack : error.message
}
