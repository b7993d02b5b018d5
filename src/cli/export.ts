import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebReadableStream } from 'node:stream/web'
import { createGzip } from 'node:zlib'
import { Option } from 'commander'
import { type ClientConfig, readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { type Client, ConnectionError } from './client.ts'
import { type Call, defineCommand, EXIT, UsageError } from './command.ts'
import { ApiError } from './error-answer.ts'
import { writeLine } from './io.ts'
import { listed, listProjects, logInToDomain, projectNotFound, sendInScope, TENANT_HELP } from './project.ts'
import { TYPES, type TypeOption } from './resource-types.ts'

type Options = TypeOption & { readonly output?: string }

const LINE_FEED = 10

/** Exports resources as JSON lines. */
export const exportCommand = defineCommand<Options>({
  usage: 'export',
  summary: 'Print resources as JSON lines, in the format of an import.',
  details: `Without --project and TAGWERK_PROJECT, the resources of all projects are exported.\n${TENANT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk export --output all.ndjson.gz', 'Exports everything to a gzip file.'],
    [
      'tagwerk export --project default --type images | grep ubuntu',
      'Prints the images of one project whose line contains "ubuntu".',
    ],
  ],
  declare: (command) =>
    command
      .addOption(new Option('--type <type>', 'export only resources of this type').choices(TYPES))
      .option(
        '--output <file>',
        'write to this file, compressed if its name ends in .gz; an existing file is replaced only by a complete export',
      ),
  run: runExport,
})

async function runExport({ io, options, sources }: Call<Options>): Promise<number> {
  const config = readClientConfig(sources)
  const body = await requestExport(config, options)
  const lines = new LineCounter()
  const source = Readable.fromWeb(body as WebReadableStream<Uint8Array>)
  const { output } = options
  if (output === undefined) {
    await describeFailure(pipeline(source, lines, io.stdout, { end: false }), 'the printed lines are incomplete')
    return EXIT.ok
  }
  const part = `${output}.part`
  const stages = [source, lines, ...(output.endsWith('.gz') ? [createGzip()] : []), createWriteStream(part)]
  await describeFailure(pipeline(stages as [Readable, ...Writable[]]), `the incomplete export is in ${part}`)
  await rename(part, output)
  await writeLine(io.stderr, `Exported ${lines.count.toLocaleString('en-GB')} resources to ${output}.`)
  return EXIT.ok
}

async function requestExport(config: ClientConfig, { type }: Options): Promise<ReadableStream<Uint8Array>> {
  const session = { client: await logInToDomain(config) }
  const { project } = config
  if (project === undefined) await requireOneProject(session.client, config)
  const query = { ...(project !== undefined && { project }), ...(type !== undefined && { resource_type: type }) }
  const request = { path: '/tagwerk/v1/export', query }
  try {
    return await sendInScope(session, config, (client) => client.stream(request, 'application/x-ndjson'))
  } catch (error) {
    const isUnknown = error instanceof ApiError && error.code === 'project-not-found'
    if (project === undefined || !isUnknown) throw error
    throw projectNotFound(config, project, await listProjects(session.client))
  }
}

/** Throws a UsageError if a token for one project would leave out other projects of the user. */
async function requireOneProject(client: Client, { user }: ClientConfig): Promise<void> {
  if (client.project === undefined) return
  const names = (await listProjects(client)).map(({ name }) => name)
  if (names.length === 1) return
  throw new UsageError(
    `user ${user} has no role in the domain: choose one of its projects with --project: ${listed(names)}`,
  )
}

/** Counts the lines that pass through. */
class LineCounter extends Transform {
  count = 0

  override _transform(chunk: Uint8Array, _encoding: string, done: (error: null, chunk: Uint8Array) => void): void {
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) this.count++
    done(null, chunk)
  }
}

/** Adds the state of the output to the error of a failed export. */
async function describeFailure(running: Promise<void>, state: string): Promise<void> {
  try {
    await running
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    // The code of a file system error, such as ENOSPC, is more specific than its message.
    throw new ConnectionError(`the export failed: ${message}${code === undefined ? '' : ` (${code})`}; ${state}`)
  }
}
