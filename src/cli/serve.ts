import { readServiceConfig } from '../config/config.ts'
import { SERVICE_SETTINGS } from '../config/table.ts'
import { describeLocation } from '../store/location.ts'
import { defineCommand } from './command.ts'
import { type Io, writeLine } from './io.ts'
import { Stopper, startOrExplain } from './signals.ts'

/** Runs the service until it is stopped. */
export const serve = defineCommand({
  usage: 'serve',
  summary: 'Run the service.',
  details:
    'It runs until Ctrl-C (SIGINT) or SIGTERM, and then finishes what is in flight. A second signal ends it at once.',
  settings: SERVICE_SETTINGS,
  examples: [
    ['tagwerk serve', 'On 127.0.0.1:8780, with its data in ./tagwerk-data.'],
    ['tagwerk serve --listen 0.0.0.0:8780 --data /var/lib/tagwerk', 'For callers on other machines.'],
    ['TAGWERK_ADMIN_PASSWORD=... tagwerk serve', 'Chooses the password of admin at the first start.'],
    [
      'TAGWERK_STORE_PASSWORD=... tagwerk serve --migrate --store postgres://tagwerk@db.example/tagwerk',
      'One of any number of nodes over one PostgreSQL.',
    ],
  ],
  run: async ({ io, sources }) => {
    const config = readServiceConfig(sources)
    const stopper = new Stopper(io)
    try {
      const service = await startOrExplain(config)
      await writeLine(
        io.stdout,
        `Tagwerk ${config.version} answers on ${service.url} (data in ${describeLocation(config.store)}).`,
      )
      if (service.newAdminPassword !== undefined) await showPassword(io, service.newAdminPassword)
      return await stopper.run(service)
    } finally {
      stopper.release()
    }
  },
})

async function showPassword(io: Io, password: string): Promise<void> {
  const lines = [
    '',
    `  user      admin`,
    `  password  ${password}`,
    '',
    'This password was made up for the new store. It is shown only now and kept nowhere: write it down.',
  ]
  await writeLine(io.stdout, lines.join('\n'))
}
