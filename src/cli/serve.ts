import { type Config, readServiceConfig } from '../config/config.ts'
import { SERVICE_SETTINGS } from '../config/table.ts'
import type { Service } from '../service/assembly.ts'
import { isEphemeral, removeEphemeral } from '../service/start.ts'
import { describeLocation } from '../store/location.ts'
import { defineCommand } from './command.ts'
import { announce, type Io, ignoreGoneReader, jsonText } from './io.ts'
import { seedOf } from './seed.ts'
import { SignalHandler, startOrExplain } from './signals.ts'

/** How long the end of a service waits for the readers of its output. */
const LAST_TEXT_TIMEOUT_MS = 500

/** Runs the service until a signal or a failure stops it. */
export const serve = defineCommand<{ readonly json?: true }>({
  usage: 'serve',
  summary: 'Run the service.',
  details:
    'On Ctrl-C (SIGINT) or SIGTERM it finishes requests in flight, answers new ones with 503, and exits. A second signal ' +
    'exits at once. With --ephemeral it then removes its data; a process that is killed leaves them in the folder for ' +
    'temporary files.',
  settings: SERVICE_SETTINGS,
  logsUnknownVariables: true,
  examples: [
    ['tagwerk serve', 'Listens on 127.0.0.1:8780 and stores its data in ./tagwerk-data.'],
    ['tagwerk serve --listen 0.0.0.0:8780 --data /var/lib/tagwerk', 'Also accepts clients on other machines.'],
    [
      'tagwerk serve --ephemeral --resettable --seed resources.ndjson',
      'Runs a service for a test suite, with resources that a test can reset to.',
    ],
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
    ignoreGoneReader(io.stdout)
    // A second signal exits before the service can remove the data of an ephemeral one.
    const signals = new SignalHandler(io, () => removeEphemeral(config))
    try {
      const service = await startOrExplain(config, config.seed && seedOf(config.seed, io, signals.toAbortSignal()))
      announce(io.stdout, options.json ? readyJson(config, service) : readyText(config, service))
      const code = await signals.stopOnSignal(service)
      await exitIfStuck(io, code)
      return code
    } finally {
      signals.dispose()
    }
  },
})

function readyText(config: Config, { url, metricsUrl, newAdminPassword }: Service): string {
  const { version, store } = config
  const metrics = metricsUrl === undefined ? '' : ` Metrics are on ${metricsUrl}.`
  const end = isEphemeral(config) ? ' until it stops' : ''
  const text = `Tagwerk ${version} answers on ${url} (data in ${describeLocation(store)}${end}).${metrics}`
  return newAdminPassword === undefined ? text : `${text}\n${passwordText(newAdminPassword)}`
}

function readyJson(config: Config, { url, metricsUrl, newAdminPassword }: Service): string {
  const { version, store } = config
  const password = newAdminPassword !== undefined && { user: 'admin', password: newAdminPassword }
  return jsonText({
    url,
    ...(metricsUrl !== undefined && { metricsUrl }),
    version,
    store: describeLocation(store),
    ...(isEphemeral(config) && { ephemeral: true }),
    ...password,
  })
}

function passwordText(password: string): string {
  const lines = [
    '',
    `  user      admin`,
    `  password  ${password}`,
    '',
    'This password was generated for the new store. It is shown only once: write it down.',
  ]
  return lines.join('\n')
}

/** Exits the process if a reader has stopped reading: text that waits for it would keep the process alive. */
async function exitIfStuck({ stdout, stderr, exitNow }: Io, code: number): Promise<void> {
  const isStuck = () => stdout.writableLength + stderr.writableLength > 0
  if (isStuck()) await new Promise((resolve) => setTimeout(resolve, LAST_TEXT_TIMEOUT_MS))
  if (isStuck()) exitNow(code)
}
