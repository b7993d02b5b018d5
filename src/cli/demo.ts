import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readServiceConfig } from '../config/config.ts'
import type { ConfigSources } from '../config/setting.ts'
import { LISTEN_SETTING } from '../config/table.ts'
import { createAccessKey } from './access-key.ts'
import { Client } from './client.ts'
import { defineCommand } from './command.ts'
import { type DemoLine, demoCatalogue } from './demo-catalogue.ts'
import { accessData, demoGuide } from './demo-guide.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { SignalHandler, startOrExplain } from './signals.ts'

const USER = 'admin'
const PROJECT = 'default'

/** Runs a service with sample resources in a temporary folder, and removes it at the end. */
export const demo = defineCommand<{ readonly json?: true }>({
  usage: 'demo',
  summary: 'Run a service with sample data, to try the API.',
  details: 'The data is stored in a temporary folder, which is removed when you press Ctrl-C.',
  settings: [LISTEN_SETTING],
  examples: [
    ['tagwerk demo', 'Starts the demo and prints a log-in for its console, and curl calls to paste.'],
    ['tagwerk demo --listen 127.0.0.1:0', 'Listens on any free port.'],
  ],
  declare: (command) => command.option('--json', 'print the access data as a JSON object when the demo is ready'),
  run: async ({ io, options, sources }) => {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-demo-'))
    const remove = () => rmSync(folder, { recursive: true, force: true })
    const signals = new SignalHandler(io, remove)
    try {
      return await runDemo(io, sources, folder, signals, options.json === true)
    } finally {
      signals.dispose()
      remove()
    }
  },
})

async function runDemo(
  io: Io,
  sources: ConfigSources,
  folder: string,
  signals: SignalHandler,
  isJson: boolean,
): Promise<number> {
  // Only the address is configurable: settings in the environment are meant for a real service.
  const { TAGWERK_LISTEN } = sources.env
  const flags = { ...sources.flags, data: join(folder, 'data'), 'log-level': 'warn', 'security-log': 'off' }
  const service = await startOrExplain(readServiceConfig({ flags, env: { TAGWERK_LISTEN } }))
  try {
    const password = service.newAdminPassword ?? ''
    const access = { endpoint: service.url, user: USER, domain: 'default', password, project: PROJECT }
    const catalogue = demoCatalogue()
    const domainClient = await Client.logIn(access, 'domain')
    await load(domainClient, catalogue)
    const { credential } = await createAccessKey(domainClient, 'demo')
    const { token, projectId } = await Client.logIn(access, { project: PROJECT })
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, token, { mode: 0o600 })
    const facts = { ...access, token, tokenFile, projectId, credential, catalogue }
    await (isJson ? writeJson(io.stdout, accessData(facts)) : writeLine(io.stdout, demoGuide(facts)))
    return await signals.stopOnSignal(service)
  } finally {
    await service.stop()
  }
}

async function load(client: Client, catalogue: readonly DemoLine[]): Promise<void> {
  const body = new TextEncoder().encode(catalogue.map((line) => JSON.stringify(line)).join('\n'))
  const request = { method: 'POST', path: '/tagwerk/v1/import', body } as const
  const { body: report } = await client.json<{ refused: number; refusals: unknown }>(request)
  if (report.refused > 0) throw new Error(`the demo catalogue was refused: ${JSON.stringify(report.refusals)}`)
}
