import { performance } from 'node:perf_hooks'
import { readStoreConfig } from '../config/config.ts'
import { STORE_SETTINGS } from '../config/table.ts'
import { describeLocation } from '../store/location.ts'
import { backupStore } from '../store/open.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { RowProgress } from './row-progress.ts'
import { SignalHandler } from './signals.ts'

type Options = { readonly json?: true; readonly force?: true }

/** Writes the store to a file. */
export const backup = defineCommand<Options>({
  usage: 'backup <file>',
  summary: 'Write a data folder to a file, also while the service runs, and verify the file.',
  details: [
    'The file holds everything as of one moment: accounts, keys, resources, tags, change log. It is readable by its owner',
    'only, because it contains all keys. It gets its name when it is complete, compared with the store row by row and',
    'checked for damage. A command that is stopped leaves no file; one that is killed leaves a file that ends in .partial,',
    'which the next backup to the same folder removes.',
    'For a PostgreSQL database the command says which program to use. See docs/operate/backup.md.',
  ].join('\n'),
  settings: STORE_SETTINGS,
  examples: [
    ['tagwerk backup /backup/tagwerk.sqlite --data /var/lib/tagwerk', 'Writes a backup.'],
    [
      'tagwerk backup "/backup/tagwerk-$(date +%F).sqlite" --data /var/lib/tagwerk',
      'Writes one file a day, for example from cron.',
    ],
  ],
  declare: (command) =>
    command.option('--force', 'replace the file if it exists').option('--json', 'print the report as a JSON object'),
  run: runBackup,
})

async function runBackup({ io, args, options, sources }: Call<Options>): Promise<number> {
  const location = readStoreConfig(sources)
  const [file = ''] = args
  const startMs = performance.now()
  const progress = new RowProgress(io.stderr, () => performance.now())
  const signals = new SignalHandler(io)
  const stop = signals.toAbortSignal()
  try {
    const report = await backupStore(location, file, {
      replaces: options.force === true,
      onStep: (done, total) => {
        stop.throwIfAborted()
        progress.update(done, total)
      },
    })
    progress.stop()
    const seconds = (performance.now() - startMs) / 1000
    const { bytes, rows, commits, digest } = report
    if (options.json) {
      const store = describeLocation(location)
      await writeJson(io.stdout, { file, store, bytes, rows, commits, digest, seconds: Number(seconds.toFixed(3)) })
    } else {
      await writeLine(
        io.stdout,
        `Wrote ${describeLocation(location)} to ${file}: ${rows.toLocaleString('en-GB')} rows, ` +
          `${bytes.toLocaleString('en-GB')} bytes, in ${seconds.toFixed(1)} s. It was verified.\nDigest: ${digest}`,
      )
    }
    return EXIT.ok
  } finally {
    signals.dispose()
    progress.stop()
  }
}
