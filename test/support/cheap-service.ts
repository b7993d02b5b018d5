import { processEnvironment, readServiceConfig } from '../../src/config/config.ts'
import { startService } from '../../src/service/start.ts'

// Runs like `tagwerk serve --name value ...`, with the cheapest of passwords, for tests that log in often.

const values = process.argv.slice(3)
const flags: Record<string, string> = {}
for (let i = 0; i < values.length; i += 2) flags[(values[i] as string).slice(2)] = values[i + 1] as string
const config = readServiceConfig({ flags, env: processEnvironment() })
const service = await startService(config, { passwordCost: { n: 2, r: 1, p: 1 } })
process.on('SIGTERM', async () => {
  await service.stop()
  process.exit()
})
console.log(service.url)
