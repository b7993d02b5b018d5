import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { LOAD_CORE, onCore } from '../load/cores.ts'
import { ADMIN_PASSWORD, MAIN, ROOT, type ServiceProcess } from './service-process.ts'

/** The output of the import command. */
export type ImportRun = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly refused: number
  /** Seconds reported by the command, from after its log-in to the end. */
  readonly seconds: number
  /** Seconds from the start of the process to its end. */
  readonly wallSeconds: number
}

/** Runs `tagwerk import` against a service, on the core of the load. Throws when a line was refused. */
export async function runImport(service: ServiceProcess, file: string): Promise<ImportRun> {
  const command = [process.execPath, MAIN, 'import', '--json', '--endpoint', service.url, file]
  const [program, ...args] = onCore(LOAD_CORE, command)
  const startMs = performance.now()
  const child = spawn(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TAGWERK_PASSWORD: ADMIN_PASSWORD },
  })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  const [code] = await once(child, 'close')
  const wallSeconds = (performance.now() - startMs) / 1000
  const text = Buffer.concat(parts).toString()
  if (code !== 0) throw new Error(`the import of ${file} ended with code ${code}: ${text.slice(0, 1000)}`)
  return { ...(JSON.parse(text) as ImportRun), wallSeconds }
}
