import { performance } from 'node:perf_hooks'
import { readCopyConfig } from '../config/config.ts'
import { COPY_SETTINGS } from '../config/table.ts'
import { type CopyReport, copyStore } from '../store/copy/copy-store.ts'
import { type CopyLocation, describeLocation } from '../store/location.ts'
import { openCopySource, openCopyTarget } from '../store/open.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { RowProgress } from './row-progress.ts'

type Options = { readonly json?: true }

/** Carries everything in one store into another. */
export const copy = defineCommand<Options>({
  usage: 'copy',
  summary: 'Copy everything in a store into an empty one, from SQLite to PostgreSQL or back.',
  details: [
    'Accounts, roles, keys, revoked tokens, the key that signs tokens, projects, predefined tags, shares of images,',
    'resources with their tags, the change log and all revisions: tokens and access keys are good at the new place too.',
    'When everything is there it is read back, and finished only if both stores have the same digest.',
    'Stop the service first: a data folder in use is refused; nodes over PostgreSQL may go on meanwhile, but then the copy',
    'fails at the end if anything has changed. Nothing is lost by that, nor by an interruption at any moment: run the',
    'same command again, and only what is missing is carried. Until it is finished, no service starts on the copy.',
    'Both schemas must be that of this program ("tagwerk migrate"); a target without one gets it.',
  ].join('\n'),
  settings: COPY_SETTINGS,
  examples: [
    [
      'TAGWERK_TO_PASSWORD=... tagwerk copy --from /var/lib/tagwerk --to postgres://tagwerk@db.example/tagwerk',
      'From a data folder into PostgreSQL.',
    ],
    [
      'TAGWERK_FROM_PASSWORD=... tagwerk copy --from postgres://tagwerk@db.example/tagwerk --to ./tagwerk-data',
      'And back.',
    ],
  ],
  declare: (command) => command.option('--json', 'print what was copied as one JSON object, table by table'),
  run: runCopy,
})

async function runCopy({ io, options, sources }: Call<Options>): Promise<number> {
  const { from, to } = readCopyConfig(sources)
  const startMs = performance.now()
  const source = await opened('from', from, openCopySource(from))
  try {
    const target = await opened('to', to, openCopyTarget(to))
    const progress = new RowProgress(io.stderr, () => performance.now())
    let report: CopyReport
    try {
      report = await copyStore(source, target, (done, total) => progress.update(done, total))
    } catch (error) {
      progress.stop()
      await writeLine(io.stderr, 'The copy is not finished. Run again, the same command goes on with what is missing.')
      throw error
    } finally {
      progress.stop()
      await target.close()
    }
    const seconds = (performance.now() - startMs) / 1000
    await (options.json ? printJson(io, from, to, report, seconds) : print(io, from, to, report, seconds))
    return EXIT.ok
  } finally {
    await source.close()
  }
}

/** Names the failing store of the two in an error. */
async function opened<T>(name: 'from' | 'to', place: CopyLocation, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    throw new Error(`--${name} ${describeLocation(place)}: ${(error as Error).message}`, { cause: error })
  }
}

function sum(tables: CopyReport['tables'], column: 'rows' | 'added' | 'removed'): number {
  return tables.reduce((total, table) => total + table[column], 0)
}

async function print(io: Io, from: CopyLocation, to: CopyLocation, report: CopyReport, seconds: number): Promise<void> {
  const { digest, tables } = report
  const number = (column: 'rows' | 'added') => sum(tables, column).toLocaleString('en-GB')
  const rows = sum(tables, 'rows')
  const earlier = sum(tables, 'added') < rows ? `, ${number('added')} of them copied by this run` : ''
  await writeLine(
    io.stdout,
    `${describeLocation(to)} holds what ${describeLocation(from)} holds: ${number('rows')} rows${earlier}, in ${seconds.toFixed(1)} s.\n` +
      `Digest of both: ${digest}`,
  )
}

async function printJson(
  io: Io,
  from: CopyLocation,
  to: CopyLocation,
  { digest, tables }: CopyReport,
  seconds: number,
): Promise<void> {
  await writeJson(io.stdout, {
    from: describeLocation(from),
    to: describeLocation(to),
    digest,
    rows: sum(tables, 'rows'),
    added: sum(tables, 'added'),
    removed: sum(tables, 'removed'),
    seconds: Number(seconds.toFixed(3)),
    tables,
  })
}
