import { rename, rm, writeFile } from 'node:fs/promises'
import { Option } from 'commander'
import { ResourceTypes } from '../core/resource-types.ts'
import { type Call, defineCommand, EXIT, UsageError } from './command.ts'
import { CONVERTERS } from './convert/converters.ts'
import { DOCUMENT_MIB_MAX, readDocument } from './convert/read-document.ts'
import type { ConvertedDocument } from './convert/to-lines.ts'
import { toLines } from './convert/to-lines.ts'
import { type Io, write, writeLine } from './io.ts'

type Options = { readonly from: string; readonly type?: string; readonly output?: string }

/** Lines that are printed together. */
const LINES_PER_WRITE = 1000

const NAMES = CONVERTERS.map(({ name }) => name)

/** Makes lines of an import out of what other programs print. */
export const convert = defineCommand<Options>({
  usage: 'convert <file...>',
  summary: 'Make lines for an import out of what other programs print; "-" is standard input.',
  details: [
    `It reads ${NAMES.join(', ')}, plain or gzip, and calls no service. A file has at most ${DOCUMENT_MIB_MAX} MiB.`,
    'Types that Tagwerk knows get their names here, others keep theirs. What becomes no resource is counted on standard',
    'error. Nothing is printed if a file cannot be converted.',
  ].join('\n'),
  settings: [],
  examples: [
    [
      'terraform state pull | tagwerk convert --from terraform-state - | tagwerk import -',
      'Imports a Terraform state.',
    ],
    ['tagwerk convert --from aws-tagging page-*.json --output aws.ndjson', 'Converts the pages of an answer of AWS.'],
    [
      'tagwerk convert --from steampipe --type gcp_compute_instance rows.json',
      'Converts rows whose columns do not say their type.',
    ],
  ],
  declare: (command) =>
    command
      .addOption(new Option('--from <program>', 'program that wrote the files').choices(NAMES).makeOptionMandatory())
      .option('--type <name>', 'type of the resources, only for --from steampipe')
      .option('--output <file>', 'write to this file instead of standard output'),
  run: runConvert,
})

async function runConvert({ io, args, options }: Call<Options>): Promise<number> {
  const { from, type, output } = options
  const converter = CONVERTERS.find(({ name }) => name === from)
  if (converter === undefined) throw new UsageError(`--from must be one of ${NAMES.join(', ')}`)
  if (type !== undefined && from !== 'steampipe') throw new UsageError('--type is for --from steampipe: remove it')
  const documents: ConvertedDocument[] = []
  for (const file of args) {
    try {
      const converted = toLines(await readDocument(file, io), converter, ResourceTypes.builtIn, type)
      await report(io, file, converted)
      documents.push(converted)
    } catch (error) {
      if (error instanceof TypeError || !(error instanceof Error)) throw error
      throw new Error(`${file}: ${error.message}`, { cause: error })
    }
  }
  const lines = documents.flatMap((converted) => [...converted.lines])
  await (output === undefined ? print(io, lines) : writeWhole(output, lines))
  await writeLine(io.stderr, `${lines.length.toLocaleString('en-GB')} resources.`)
  return EXIT.ok
}

async function report(io: Io, file: string, { leftOut, warnings }: ConvertedDocument): Promise<void> {
  for (const warning of warnings) await writeLine(io.stderr, `warning: ${file}: ${warning}.`)
  for (const [what, count] of leftOut) await writeLine(io.stderr, `${file}: ${count} ${what} were left out.`)
}

async function print(io: Io, lines: readonly string[]): Promise<void> {
  for (let from = 0; from < lines.length; from += LINES_PER_WRITE) {
    await write(io.stdout, `${lines.slice(from, from + LINES_PER_WRITE).join('\n')}\n`)
  }
}

/** Writes a file with another name first, which replaces the file when it is complete. */
async function writeWhole(output: string, lines: readonly string[]): Promise<void> {
  const part = `${output}.part`
  try {
    await writeFile(
      part,
      lines.map((line) => `${line}\n`),
    )
    await rename(part, output)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
