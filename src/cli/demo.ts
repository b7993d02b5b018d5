import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readServiceConfig } from '../config/config.ts'
import type { ConfigSources } from '../config/setting.ts'
import { LISTEN_SETTING } from '../config/table.ts'
import { makeAccessKey } from './access-key.ts'
import { Client } from './client.ts'
import { defineCommand } from './command.ts'
import { type DemoLine, demoCatalogue } from './demo-catalogue.ts'
import { demoGuide } from './demo-guide.ts'
import { type Io, writeLine } from './io.ts'
import { Stopper, startOrExplain } from './signals.ts'

const USER = 'admin'
const PROJECT = 'default'

/** Runs a service with generated resources on a temporary folder, and removes the folder at the end. */
export const demo = defineCommand({
  usage: 'demo',
  summary: 'Run a service on a small catalogue, to try the API on.',
  details: 'Its data lies in a temporary folder, which Ctrl-C removes.',
  settings: [LISTEN_SETTING],
  examples: [
    ['tagwerk demo', 'Prints curl calls that can be pasted.'],
    ['tagwerk demo --listen 127.0.0.1:0', 'On any free port.'],
  ],
  run: async ({ io, sources }) => {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-demo-'))
    const remove = () => rmSync(folder, { recursive: true, force: true })
    const stopper = new Stopper(io, remove)
    try {
      return await runDemo(io, sources, folder, stopper)
    } finally {
      stopper.release()
      remove()
    }
  },
})

async function runDemo(io: Io, sources: ConfigSources, folder: string, stopper: Stopper): Promise<number> {
  // Only the address is configurable: the demo ignores the settings of a real service.
  const { TAGWERK_LISTEN } = sources.env
  const flags = { ...sources.flags, data: join(folder, 'data'), 'log-level': 'warn' }
  const service = await startOrExplain(readServiceConfig({ flags, env: { TAGWERK_LISTEN } }))
  try {
    const password = service.newAdminPassword ?? ''
    const access = { endpoint: service.url, user: USER, password, project: PROJECT }
    const catalogue = demoCatalogue()
    const domainClient = await Client.logIn(access, 'domain')
    await load(domainClient, catalogue)
    const { credential } = await makeAccessKey(domainClient, 'demo')
    const { token, projectId } = await Client.logIn(access, { project: PROJECT })
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, token, { mode: 0o600 })
    await writeLine(io.stdout, demoGuide({ ...access, token, tokenFile, projectId, credential, catalogue }))
    return await stopper.run(service)
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
