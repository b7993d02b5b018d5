import { readStoreConfig } from '../config/config.ts'
import { STORE_SETTINGS } from '../config/table.ts'
import { describeLocation } from '../store/location.ts'
import { migrateStore } from '../store/open.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeLine } from './io.ts'

/** Brings the schema of a store up to date. */
export const migrate = defineCommand({
  usage: 'migrate',
  summary: 'Bring the schema of the store up to date.',
  details:
    'Do it before the nodes of a new version start; those of the version before go on working meanwhile. Doing it again, ' +
    'or at several places at once, does no harm.',
  settings: STORE_SETTINGS,
  examples: [
    ['TAGWERK_STORE_PASSWORD=... tagwerk migrate --store postgres://tagwerk@db.example/tagwerk', 'In PostgreSQL.'],
    ['tagwerk migrate --data /var/lib/tagwerk', 'In a data folder, where the service does it at every start too.'],
  ],
  run: async ({ io, sources }) => {
    const place = readStoreConfig(sources)
    const version = await migrateStore(place)
    await writeLine(io.stdout, `The schema in ${describeLocation(place)} is up to date (number ${version}).`)
    return EXIT.ok
  },
})
