import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { ApiError, Client, ConnectionError } from './client.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { type Progress, showProgress } from './import-progress.ts'
import { type ImportAnswer, ImportReport } from './import-report.ts'
import { openSources, type Source } from './import-source.ts'
import { type Batch, type BatchLimits, batchesOf } from './line-batches.ts'

type Options = { readonly dryRun?: true; readonly json?: true }

// The service accepts lines of 64 KiB and a carriage return: one byte more is enough to be refused.
const LIMITS: BatchLimits = { linesMax: 5000, bytesMax: 4 * 2 ** 20, lineBytesMax: 64 * 1024 + 2 }

/** Transient statuses: the request is retried. */
const PASSING_STATUSES: readonly number[] = [429, 502, 503, 504]
const RETRIES_MAX = 5
const FIRST_WAIT_MS = 500
const WAIT_MS_MAX = 60_000

/** Sends files of lines to the service. */
export const importCommand = defineCommand<Options>({
  usage: 'import <file...>',
  summary: 'Register resources from files of JSON lines, packed by gzip or not; "-" is standard input.',
  details: [
    'What a line says replaces what the resource was, so a file can be imported again at any time.',
    'Projects that are missing are made. Lines that name none go to that of --project or TAGWERK_PROJECT.',
    `Files are sent in order, ${LIMITS.linesMax} lines at a time; a dry run looks at each such part by itself.`,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk import images.ndjson.gz instances.ndjson', 'Two files, one after the other.'],
    ['tagwerk import --dry-run --json images.ndjson', 'Says what would happen and changes nothing.'],
    ['tagwerk export --project default | tagwerk import -', 'Takes lines from another program.'],
  ],
  declare: (command) =>
    command
      .option('--dry-run', 'say what would happen, change nothing')
      .option('--json', 'print the report as one JSON object, refused lines included (10,000 of them at most)'),
  run: runImport,
})

async function runImport({ io, args, options, sources: settings }: Call<Options>): Promise<number> {
  const config = readClientConfig(settings)
  const sources = await openSources(args, io)
  const report = new ImportReport(options.dryRun === true)
  try {
    const client = await Client.logIn(config, 'domain')
    const { project } = config
    const query = {
      ...(options.dryRun && { dry_run: 'true' }),
      ...(project !== undefined && { project }),
    }
    const startMs = performance.now()
    const progress = showProgress(io.stderr, totalSize(sources))
    try {
      await sendAll(sources, (batch) => sendBatch(client, query, batch), report, progress)
    } finally {
      progress.stop()
    }
    const seconds = (performance.now() - startMs) / 1000
    await (options.json ? report.printJson(io, seconds) : report.print(io, seconds))
    return report.refused > 0 ? EXIT.refused : EXIT.ok
  } finally {
    for (const source of sources) await source.close()
  }
}

/** The size of all sources; undefined if one is unknown. */
function totalSize(sources: readonly Source[]): number | undefined {
  let total = 0
  for (const { size } of sources) {
    if (size === undefined) return undefined
    total += size
  }
  return total
}

/**
 * Sends batches sequentially, because a later line replaces an earlier one of the same resource; reads the next batch
 * while one is in flight. Errors name the line where the import stopped.
 */
async function sendAll(
  sources: readonly Source[],
  send: (batch: Batch) => Promise<ImportAnswer>,
  report: ImportReport,
  progress: Progress,
): Promise<void> {
  let underWay: Promise<void> = Promise.resolve()
  let bytesBefore = 0
  const sendFrom = async ({ name, bytes, bytesRead }: Source) => {
    for await (const batch of batchesOf(bytes, LIMITS)) {
      await underWay
      const bytesSoFar = bytesBefore + bytesRead()
      underWay = send(batch).then(
        (answer) => {
          report.add(answer, name, batch.firstLine)
          progress.update(bytesSoFar, report.resources)
        },
        (error: Error) => {
          throw new Error(stoppedAt(name, batch, report.resources, error))
        },
      )
      // The rejection is handled where the batch is awaited; until then it must not count as unhandled.
      underWay.catch(() => undefined)
    }
    bytesBefore += bytesRead()
  }
  try {
    for (const source of sources) await sendFrom(source)
  } catch (error) {
    // Waits for the request in flight before a read error is thrown.
    await underWay.catch(() => undefined)
    throw error
  }
  await underWay
}

function stoppedAt(file: string, { firstLine, lines }: Batch, resources: number, { message }: Error): string {
  const place = `the import stopped at ${file}, lines ${firstLine} to ${firstLine + lines - 1}`
  return `${message}\n${place}; ${resources} lines before were dealt with. It can be started again as a whole.`
}

/** Sends a batch with retries. Importing the same lines twice is idempotent. */
async function sendBatch(client: Client, query: Record<string, string>, batch: Batch): Promise<ImportAnswer> {
  for (let retries = 0; ; retries++) {
    try {
      const request = { method: 'POST', path: '/tagwerk/v1/import', query, body: batch.bytes } as const
      return (await client.json<ImportAnswer>(request)).body
    } catch (error) {
      if (!isPassing(error) || retries === RETRIES_MAX) throw error
      await sleep(waitMs(error, retries))
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ApiError && PASSING_STATUSES.includes(error.status))
}

/** Retry-After of the service, or else exponential back-off. */
function waitMs(error: unknown, retries: number): number {
  const asked = error instanceof ApiError ? error.retryAfterSeconds : undefined
  return Math.min(asked === undefined ? FIRST_WAIT_MS * 2 ** retries : asked * 1000, WAIT_MS_MAX)
}
