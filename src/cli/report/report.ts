import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../../config/table.ts'
import { wholeNumber } from '../../config/value-types.ts'
import { type Call, defineCommand, EXIT, optionParser } from '../command.ts'
import { type Io, writeData, writeJson, writeLine } from '../io.ts'
import { MOMENT_HELP, toTime } from '../moment.ts'
import { logInToProject, PROJECT_HELP } from '../project.ts'
import { counted } from '../resource-types.ts'
import { collectReport } from './collect.ts'
import { csvFiles } from './csv-files.ts'
import { LANGUAGES, type Language } from './languages.ts'
import { percentOf } from './numbers.ts'
import { reportPage } from './page.ts'
import type { Report } from './report-data.ts'

type Options = {
  readonly html?: string
  readonly csv?: string
  readonly json?: true
  readonly lang: Language
  readonly ownerKey?: string
  readonly since: string
  readonly listed: number
}

const LISTED_DEFAULT = 25
const LISTED_MAX = 1000

/** Makes a report on the tags of a project, for people who do not use a command line. */
export const report = defineCommand<Options>({
  usage: 'report',
  summary: 'Make a report on the tags of a project, as a page, as CSV files or as JSON.',
  details: [
    'Says how complete the tags are, which resources have none, who owns what, which keys and values are written in several ways,',
    'what changed lately and by whom, and what to do next. The page is one file that needs no network. Without --html, --csv',
    'and --json, prints the most important numbers. A user that may only read is enough.',
    `${MOMENT_HELP} `,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk report --html report.html', 'A page to send on or to print.'],
    ['tagwerk report --html report.html --lang zh --since 30d', 'The same in Chinese, with the changes of a month.'],
    ['tagwerk report --csv report --owner-key team', 'A CSV file for each section, with the owners by team.'],
  ],
  declare: (command) =>
    command
      .addOption(new Option('--html <file>', 'write a page; - for standard output').conflicts(['csv', 'json']))
      .addOption(new Option('--csv <folder>', 'write a CSV file for each section into a folder').conflicts('json'))
      .option('--json', 'print the report as JSON')
      .addOption(new Option('--lang <language>', 'language of the page').choices([...LANGUAGES]).default('en'))
      .option('--owner-key <key>', 'the key whose values are owners; default: one that is in use and looks so')
      .option('--since <time>', 'show the changes from this time on', '7d')
      .addOption(
        new Option('--listed <n>', 'resources and owners to list')
          .argParser(optionParser('listed', wholeNumber(1, LISTED_MAX)))
          .default(LISTED_DEFAULT),
      ),
  run: runReport,
})

async function runReport({ io, options, sources }: Call<Options>): Promise<number> {
  const { ownerKey, listed, html, csv, json, lang } = options
  const nowMs = io.clock()
  const sinceMs = toTime('since', options.since, nowMs)
  const client = await logInToProject(sources)
  const made = await collectReport(client, { ownerKey, sinceMs, nowMs, listed })
  if (html === '-') await writeData(io.stdout, reportPage(made, lang))
  else if (html !== undefined) await writePage(io, html, reportPage(made, lang))
  else if (csv !== undefined) await writeCsvFiles(io, csv, made)
  else if (json) await writeJson(io.stdout, made)
  else await printNumbers(io, made)
  return EXIT.ok
}

/** Writes the page under another name first, so that a former report is replaced as a whole. */
async function writePage(io: Io, file: string, page: string): Promise<void> {
  await replaceFile(file, page)
  await writeLine(io.stdout, `Wrote ${file}. Open it in a browser.`)
}

async function writeCsvFiles(io: Io, folder: string, made: Report): Promise<void> {
  await mkdir(folder, { recursive: true })
  const files = csvFiles(made)
  for (const [name, text] of files) await replaceFile(join(folder, name), text)
  await writeLine(io.stdout, `Wrote ${files.size} files into ${folder}.`)
}

async function replaceFile(file: string, text: string): Promise<void> {
  const part = `${file}.${process.pid}.part`
  try {
    await writeFile(part, text)
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function printNumbers(io: Io, made: Report): Promise<void> {
  const { resources, untagged, owners, near_duplicates, changes } = made
  const share = (part: number) => `${percentOf(part, resources)}% of them`
  const lines = [
    `Project ${made.project.name}, revision ${made.revision}: ${counted(resources)}`,
    `  with a tag: ${share(resources - untagged.resources)}; ${untagged.resources.toLocaleString('en-GB')} have none`,
    owners.key === null
      ? '  no key in use says who owns a resource'
      : `  with an owner (${owners.key}): ${share(owners.with_owner)}`,
    `  keys and values that are written in several ways: ${near_duplicates.groups.toLocaleString('en-GB')}`,
    ...(changes === null ? [] : [`  changes since ${changes.since}: ${changes.changes.toLocaleString('en-GB')}`]),
    'For a page with all of it: tagwerk report --html report.html',
  ]
  for (const line of lines) await writeLine(io.stdout, line)
}
