import { performance } from 'node:perf_hooks'
import { readStoreConfig } from '../config/config.ts'
import { STORE_SETTINGS } from '../config/table.ts'
import { describeLocation } from '../store/location.ts'
import { restoreStore } from '../store/open.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { RowProgress } from './row-progress.ts'
import { SignalHandler } from './signals.ts'

type Options = { readonly json?: true; readonly force?: true }

/** Makes a data folder from a backup. */
export const restore = defineCommand<Options>({
  usage: 'restore <file>',
  summary: 'Make a data folder from a file of "tagwerk backup", and verify it.',
  details: [
    'The folder is created if it is missing, and must be empty. With --force the store in it is moved to a subfolder,',
    'where it stays until you delete it. Stop the service first: a data folder in use is refused. An interrupted restore',
    'leaves no store that a service would start on; run the same command again.',
    'Tokens and access keys of the backup are valid again, also those that were revoked after it.',
    'For a PostgreSQL database the command says which program to use. See docs/operate/backup.md.',
  ].join('\n'),
  settings: STORE_SETTINGS,
  examples: [
    ['tagwerk restore /backup/tagwerk.sqlite --data /var/lib/tagwerk', 'Restores into an empty or missing folder.'],
    [
      'tagwerk restore /backup/tagwerk.sqlite --data /var/lib/tagwerk --force',
      'Puts the restored store in place of a damaged one.',
    ],
  ],
  declare: (command) =>
    command
      .option('--force', 'move the store in the folder to a subfolder')
      .option('--json', 'print the report as a JSON object'),
  run: runRestore,
})

async function runRestore({ io, args, options, sources }: Call<Options>): Promise<number> {
  const location = readStoreConfig(sources)
  const [file = ''] = args
  const startMs = performance.now()
  const progress = new RowProgress(io.stderr, () => performance.now())
  const signals = new SignalHandler(io)
  const stop = signals.toAbortSignal()
  try {
    const report = await restoreStore(file, location, {
      replaces: options.force === true,
      onStep: (done, total) => {
        stop.throwIfAborted()
        progress.update(done, total)
      },
    })
    progress.stop()
    const seconds = (performance.now() - startMs) / 1000
    const { bytes, rows, commits, digest, replaced } = report
    const store = describeLocation(location)
    if (options.json) {
      const time = Number(seconds.toFixed(3))
      await writeJson(io.stdout, { file, store, bytes, rows, commits, digest, replaced, seconds: time })
    } else {
      const former = replaced === undefined ? '' : `\nThe former store is in ${replaced}.`
      await writeLine(
        io.stdout,
        `Restored ${store} from ${file}: ${rows.toLocaleString('en-GB')} rows, in ${seconds.toFixed(1)} s. It was verified.` +
          `\nDigest: ${digest}${former}`,
      )
    }
    return EXIT.ok
  } finally {
    signals.dispose()
    progress.stop()
  }
}
