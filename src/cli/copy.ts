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

/** Copies the whole content of one store to another. */
export const copy = defineCommand<Options>({
  usage: 'copy',
  summary: 'Copy a whole store to an empty one, from SQLite to PostgreSQL or back.',
  details: [
    'Copies accounts, roles, access keys, revoked tokens, the token signing key, projects, predefined tags, image shares,',
    'resources with their tags, the change log and all revisions. Tokens and access keys stay valid.',
    'At the end the target is read back; the copy is complete only if both stores have the same digest.',
    'Stop the service first: a data folder in use is refused. Nodes over PostgreSQL may keep running, but then the copy',
    'fails at the end if anything was changed. After a failure or an interruption, run the same command again: it copies',
    'only the missing rows. No service starts on an incomplete copy.',
    'Both stores must have the schema of this program (see "tagwerk migrate"). A target without a schema gets one.',
  ].join('\n'),
  settings: COPY_SETTINGS,
  examples: [
    [
      'TAGWERK_TO_PASSWORD=... tagwerk copy --from /var/lib/tagwerk --to postgres://tagwerk@db.example/tagwerk',
      'Copies a data folder to PostgreSQL.',
    ],
    [
      'TAGWERK_FROM_PASSWORD=... tagwerk copy --from postgres://tagwerk@db.example/tagwerk --to ./tagwerk-data',
      'Copies it back.',
    ],
  ],
  declare: (command) => command.option('--json', 'print the report as a JSON object, with the rows of each table'),
  run: runCopy,
})

async function runCopy({ io, options, sources }: Call<Options>): Promise<number> {
  const { from, to } = readCopyConfig(sources)
  const startMs = performance.now()
  const source = await withLocation('from', from, openCopySource(from))
  try {
    const target = await withLocation('to', to, openCopyTarget(to))
    const progress = new RowProgress(io.stderr, () => performance.now())
    let report: CopyReport
    try {
      report = await copyStore(source, target, (done, total) => progress.update(done, total))
    } catch (error) {
      progress.stop()
      await writeLine(io.stderr, 'The copy is incomplete. Run the same command again to copy the missing rows.')
      throw error
    } finally {
      progress.stop()
      await target.close()
    }
    const seconds = (performance.now() - startMs) / 1000
    await (options.json ? printJson(io, from, to, report, seconds) : printText(io, from, to, report, seconds))
    return EXIT.ok
  } finally {
    await source.close()
  }
}

/** Adds the flag and the location of the store to an error. */
async function withLocation<T>(name: 'from' | 'to', location: CopyLocation, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    throw new Error(`--${name} ${describeLocation(location)}: ${(error as Error).message}`, { cause: error })
  }
}

function sum(tables: CopyReport['tables'], column: 'rows' | 'added' | 'removed'): number {
  return tables.reduce((total, table) => total + table[column], 0)
}

async function printText(
  io: Io,
  from: CopyLocation,
  to: CopyLocation,
  report: CopyReport,
  seconds: number,
): Promise<void> {
  const { digest, tables } = report
  const formatted = (column: 'rows' | 'added') => sum(tables, column).toLocaleString('en-GB')
  const rows = sum(tables, 'rows')
  const thisRun = sum(tables, 'added') < rows ? `, ${formatted('added')} of them by this run` : ''
  await writeLine(
    io.stdout,
    `Copied ${describeLocation(from)} to ${describeLocation(to)}: ${formatted('rows')} rows${thisRun}, in ${seconds.toFixed(1)} s.\n` +
      `Digest of both stores: ${digest}`,
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
