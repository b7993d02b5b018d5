import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'
import { bundledProgram } from './program.ts'

/** Where programs that name Node in their first line find this one. */
export function pathToThisNode(): string {
  return [dirname(process.execPath), process.env.PATH].join(delimiter)
}

/** A service in a process of its own. */
export type ServiceProcess = {
  readonly url: string
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly output: () => string
  /** Ends it without warning, and waits until it is gone. */
  kill(): Promise<void>
  /** Asks it to stop; gives its exit code. */
  stop(): Promise<number | null>
}

/** Starts `tagwerk serve` on a data folder and a free port, and waits until it answers. */
export async function startServiceProcess(
  folder: string,
  adminPassword: string,
  flags: readonly string[] = [],
  /** How the program is called. */
  program?: readonly [string, ...string[]],
): Promise<ServiceProcess> {
  const [command, ...args] = program ?? [process.execPath, await bundledProgram()]
  const child = spawn(
    command,
    [...args, 'serve', '--listen', '127.0.0.1:0', '--data', folder, '--log-level', 'warn', ...flags],
    {
      env: { ...process.env, PATH: pathToThisNode(), TAGWERK_ADMIN_PASSWORD: adminPassword },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)
      if (found !== null) resolve(found[0])
    })
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${output}`)))
  })
  const ended = once(child, 'exit')
  return {
    ...{ url, child },
    output: () => output,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}
