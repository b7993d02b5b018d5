import { readServiceConfig } from '../config/config.ts'
import { SERVICE_SETTINGS } from '../config/table.ts'
import { describeLocation } from '../store/location.ts'
import { defineCommand } from './command.ts'
import { type Io, writeLine } from './io.ts'
import { SignalHandler, startOrExplain } from './signals.ts'

/** Runs the service until a signal or a failure stops it. */
export const serve = defineCommand({
  usage: 'serve',
  summary: 'Run the service.',
  details:
    'On Ctrl-C (SIGINT) or SIGTERM it finishes requests in flight, answers new ones with 503, and exits. A second signal ' +
    'exits at once.',
  settings: SERVICE_SETTINGS,
  logsUnknownVariables: true,
  examples: [
    ['tagwerk serve', 'Listens on 127.0.0.1:8780 and stores its data in ./tagwerk-data.'],
    ['tagwerk serve --listen 0.0.0.0:8780 --data /var/lib/tagwerk', 'Also accepts clients on other machines.'],
    ['TAGWERK_ADMIN_PASSWORD=... tagwerk serve', 'Sets the password of the user admin at the first start.'],
    [
      'TAGWERK_STORE_PASSWORD=... tagwerk serve --migrate --store postgres://tagwerk@db.example/tagwerk',
      'Runs one of several nodes that share a PostgreSQL database.',
    ],
  ],
  run: async ({ io, sources }) => {
    const config = readServiceConfig(sources)
    const signals = new SignalHandler(io)
    try {
      const service = await startOrExplain(config)
      await writeLine(
        io.stdout,
        `Tagwerk ${config.version} answers on ${service.url} (data in ${describeLocation(config.store)}).`,
      )
      if (service.newAdminPassword !== undefined) await showPassword(io, service.newAdminPassword)
      return await signals.stopOnSignal(service)
    } finally {
      signals.dispose()
    }
  },
})

async function showPassword(io: Io, password: string): Promise<void> {
  const lines = [
    '',
    `  user      admin`,
    `  password  ${password}`,
    '',
    'This password was generated for the new store. It is shown only once: write it down.',
  ]
  await writeLine(io.stdout, lines.join('\n'))
}
