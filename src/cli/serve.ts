import { type Config, readServiceConfig } from '../config/config.ts'
import { SERVICE_SETTINGS } from '../config/table.ts'
import type { Service } from '../service/assembly.ts'
import { describeLocation } from '../store/location.ts'
import { defineCommand } from './command.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { SignalHandler, startOrExplain } from './signals.ts'

/** Runs the service until a signal or a failure stops it. */
export const serve = defineCommand<{ readonly json?: true }>({
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
  declare: (command) =>
    command.option('--json', 'print the URL, and a generated password, as one JSON object when the service is ready'),
  run: async ({ io, options, sources }) => {
    const config = readServiceConfig(sources)
    const signals = new SignalHandler(io)
    try {
      const service = await startOrExplain(config)
      await (options.json ? printJson(io, config, service) : printText(io, config, service))
      return await signals.stopOnSignal(service)
    } finally {
      signals.dispose()
    }
  },
})

async function printText(io: Io, { version, store }: Config, { url, newAdminPassword }: Service): Promise<void> {
  await writeLine(io.stdout, `Tagwerk ${version} answers on ${url} (data in ${describeLocation(store)}).`)
  if (newAdminPassword !== undefined) await showPassword(io, newAdminPassword)
}

async function printJson(io: Io, { version, store }: Config, { url, newAdminPassword }: Service): Promise<void> {
  const password = newAdminPassword !== undefined && { user: 'admin', password: newAdminPassword }
  await writeJson(io.stdout, { url, version, store: describeLocation(store), ...password })
}

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
