import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { type Client, ConnectionError } from './client.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { ApiError } from './error-answer.ts'
import { type Progress, showProgress } from './import-progress.ts'
import { type ImportAnswer, ImportReport } from './import-report.ts'
import { openSources, type Source } from './import-source.ts'
import { writeLine } from './io.ts'
import { type Batch, type BatchLimits, batchesOf } from './line-batches.ts'
import { defaultProject, logInToDomain, sendInScope, TENANT_HELP } from './project.ts'

type Options = { readonly dryRun?: true; readonly json?: true }

// Proxies refuse large bodies, nginx those over 1 MiB by default. The service allows 64 KiB and a carriage return per line;
// one byte more makes a truncated line too long in any case.
const LIMITS: BatchLimits = { linesMax: 5000, bytesMax: 900_000, lineBytesMax: 64 * 1024 + 2 }

/** Statuses of temporary errors. */
const RETRIED_STATUSES: readonly number[] = [429, 502, 503, 504]
const RETRIES_MAX = 5
const FIRST_RETRY_DELAY_MS = 500
const RETRY_DELAY_MS_MAX = 60_000

const NO_DEFAULT_PROJECT =
  'Lines without a project need --project or TAGWERK_PROJECT here: there are several projects, and none of them is named ' +
  'after the region of the service.'

/** Imports files of JSON lines. */
export const importCommand = defineCommand<Options>({
  usage: 'import <file...>',
  summary: 'Register resources from files of JSON lines, plain or gzip; "-" is standard input.',
  details: [
    'Each line replaces the whole resource, so a file can be imported again at any time.',
    'Missing projects are created. Lines without a project go to the one of --project or TAGWERK_PROJECT. If neither is set,',
    'they go to the project named after the region of the service, or else to the only project.',
    `${TENANT_HELP} Lines of other projects are refused then.`,
    `Lines are sent in order, in batches of at most ${LIMITS.linesMax} lines and 900 kB. A dry run checks each batch independently of the others.`,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk import images.ndjson.gz instances.ndjson', 'Imports two files, one after the other.'],
    ['tagwerk import --dry-run --json images.ndjson', 'Reports the effect of an import without changing anything.'],
    ['tagwerk export --project default | tagwerk import -', 'Imports the output of another program.'],
  ],
  declare: (command) =>
    command
      .option('--dry-run', 'report the effect, change nothing')
      .option('--json', 'print the report as a JSON object, with up to 10,000 refused lines'),
  run: runImport,
})

async function runImport({ io, args, options, sources: settings }: Call<Options>): Promise<number> {
  const config = readClientConfig(settings)
  const sources = await openSources(args, io)
  const report = new ImportReport(options.dryRun === true)
  try {
    const session = { client: await logInToDomain(config) }
    const project = config.project ?? (await defaultProject(config, session.client))
    const query = {
      ...(options.dryRun && { dry_run: 'true' }),
      ...(project !== undefined && { project }),
    }
    const startMs = performance.now()
    const progress = showProgress(io.stderr, totalSize(sources))
    try {
      const send = (batch: Batch) => sendInScope(session, config, (client) => sendBatch(client, query, batch))
      await sendAll(sources, send, report, progress)
    } finally {
      progress.stop()
    }
    const seconds = (performance.now() - startMs) / 1000
    await (options.json ? report.printJson(io, seconds) : report.printText(io, seconds))
    if (project === undefined && report.lacksProject) await writeLine(io.stderr, NO_DEFAULT_PROJECT)
    return report.refused > 0 ? EXIT.refused : EXIT.ok
  } finally {
    for (const source of sources) await source.close()
  }
}

/** Total size in bytes; undefined if the size of a source is unknown. */
function totalSize(sources: readonly Source[]): number | undefined {
  let total = 0
  for (const { size } of sources) {
    if (size === undefined) return undefined
    total += size
  }
  return total
}

/**
 * Sends the batches in order, one at a time, because a later line replaces an earlier one of the same resource. Reads the
 * next batch while one is in flight. Throws an error that names the failed lines.
 */
async function sendAll(
  sources: readonly Source[],
  send: (batch: Batch) => Promise<ImportAnswer>,
  report: ImportReport,
  progress: Progress,
): Promise<void> {
  let inFlight: Promise<void> = Promise.resolve()
  let previousBytes = 0
  const sendFrom = async ({ name, bytes, bytesRead }: Source) => {
    for await (const batch of batchesOf(bytes, LIMITS)) {
      await inFlight
      const bytesSoFar = previousBytes + bytesRead()
      inFlight = send(batch).then(
        (answer) => {
          report.add(answer, name, batch.firstLine)
          progress.update(bytesSoFar, report.resources)
        },
        (error: Error) => {
          throw new Error(describeStop(name, batch, report.resources, error))
        },
      )
      // The error is thrown where the batch is awaited; this prevents an unhandled rejection until then.
      inFlight.catch(() => undefined)
    }
    previousBytes += bytesRead()
  }
  try {
    for (const source of sources) await sendFrom(source)
  } catch (error) {
    // Wait for the batch in flight when a file cannot be read further.
    await inFlight.catch(() => undefined)
    throw error
  }
  await inFlight
}

function describeStop(file: string, { firstLine, lines }: Batch, resources: number, { message }: Error): string {
  const failedLines = `the import stopped at ${file}, lines ${firstLine} to ${firstLine + lines - 1}`
  return `${message}\n${failedLines}; the ${resources} lines before were processed. Run the whole import again to continue.`
}

/** Sends a batch, with retries after temporary errors. A repeated batch is idempotent. */
async function sendBatch(client: Client, query: Record<string, string>, batch: Batch): Promise<ImportAnswer> {
  for (let retries = 0; ; retries++) {
    try {
      const request = { method: 'POST', path: '/tagwerk/v1/import', query, body: batch.bytes } as const
      return (await client.json<ImportAnswer>(request)).body
    } catch (error) {
      if (!isTemporary(error) || retries === RETRIES_MAX) throw error
      await sleep(retryDelayMs(error, retries))
    }
  }
}

function isTemporary(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ApiError && RETRIED_STATUSES.includes(error.status))
}

/** The delay of the Retry-After header, or an exponential back-off without one. */
function retryDelayMs(error: unknown, retries: number): number {
  const retryAfterSeconds = error instanceof ApiError ? error.retryAfterSeconds : undefined
  const delayMs = retryAfterSeconds === undefined ? FIRST_RETRY_DELAY_MS * 2 ** retries : retryAfterSeconds * 1000
  return Math.min(delayMs, RETRY_DELAY_MS_MAX)
}
