import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { freePort } from '../support/free-port.ts'
import { PATIENT_STORE } from '../support/patient-store.ts'
import { bundledProgram } from '../support/program.ts'

export const PASSWORD = 'kept over every kill'

/** How a service is run for clients that keep coming back. */
export type NodeOptions = {
  /** What `tagwerk serve` is told beside the address. */
  readonly flags: readonly string[]
  /** How the program is called; by default its bundle. */
  readonly program?: readonly string[]
}

/** A process of the service at an address of its own, which it keeps over every kill. */
export class ServiceNode {
  readonly url: string
  readonly #options: NodeOptions
  readonly #port: number
  #child: ChildProcess | undefined

  private constructor(port: number, options: NodeOptions) {
    this.#port = port
    this.url = `http://127.0.0.1:${port}`
    this.#options = options
  }

  static async start(options: NodeOptions): Promise<ServiceNode> {
    const node = new ServiceNode(await freePort(), options)
    await node.start()
    return node
  }

  /** Starts it, and waits until it answers; gives up when it ends instead. */
  async start(): Promise<void> {
    const { flags, program = [await bundledProgram()] } = this.#options
    const patience = Object.entries(PATIENT_STORE).flatMap(([name, value]) => [`--${name}`, value])
    const more = flags.includes('--store') ? [...flags, ...patience] : flags
    const serve = ['serve', '--listen', `127.0.0.1:${this.#port}`, '--log-level', 'fatal', ...more]
    const child = spawn(process.execPath, [...program, ...serve], {
      env: { ...process.env, TAGWERK_ADMIN_PASSWORD: PASSWORD },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let said = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        said = (said + chunk).slice(-4000)
      })
      child.stdout?.on('data', () => resolve())
      child.once('exit', (code, signal) => reject(new Error(`a node ended with ${code ?? signal}: ${said}`)))
    })
  }

  /** Ends it without warning, and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** Starts it until it answers, as a supervisor does: while its database is away it cannot. */
  async restart(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.start()
      } catch (error) {
        if (tries === 20) throw error
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
    }
  }

  /** Process ids of its workers. */
  async workerPids(): Promise<number[]> {
    const pid = this.#child?.pid
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children.trim().split(/\s+/).filter(Boolean).map(Number)
  }
}
