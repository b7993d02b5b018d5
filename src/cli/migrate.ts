import { readStoreConfig } from '../config/config.ts'
import { STORE_SETTINGS } from '../config/table.ts'
import { describeLocation } from '../store/location.ts'
import { migrateStore } from '../store/open.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'

/** Migrates the schema of a store. */
export const migrate = defineCommand<{ readonly json?: true }>({
  usage: 'migrate',
  summary: 'Migrate the schema of the store to this version.',
  details:
    'Run it before you start nodes of a new version; nodes of the previous version keep working meanwhile. It is safe to ' +
    'repeat and to run on several machines at once.',
  settings: STORE_SETTINGS,
  examples: [
    [
      'TAGWERK_STORE_PASSWORD=... tagwerk migrate --store postgres://tagwerk@db.example/tagwerk',
      'Migrates a PostgreSQL database.',
    ],
    ['tagwerk migrate --data /var/lib/tagwerk', 'Migrates a data folder. The service also does this at every start.'],
  ],
  declare: (command) => command.option('--json', 'print the version of the schema as JSON'),
  run: async ({ io, options, sources }) => {
    const location = readStoreConfig(sources)
    const version = await migrateStore(location)
    const store = describeLocation(location)
    if (options.json) await writeJson(io.stdout, { store, schema_version: version })
    else await writeLine(io.stdout, `The schema in ${store} is up to date (version ${version}).`)
    return EXIT.ok
  },
})
