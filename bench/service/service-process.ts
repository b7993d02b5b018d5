import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { onCore, SERVER_CORE } from '../load/cores.ts'

export const ROOT = join(import.meta.dirname, '..', '..')
/** The program as it is published; built before any case runs. */
export const MAIN = join(ROOT, 'dist', 'main.js')
/** The flags for Node that the program is started with when it is called by its name. */
const MAIN_FLAGS = (/^#!.* node (.*)$/m.exec(readFileSync(join(ROOT, 'src', 'main.ts'), 'utf8'))?.[1] ?? '').split(' ')

/** Only ever used for services that are started here, on folders of their own. */
export const ADMIN_PASSWORD = 'a password for benchmarks only'

export type ServiceOptions = {
  readonly folder: string
  /** What `tagwerk serve` is told beside folder and address. */
  readonly flags?: readonly string[]
  /** Flags for Node, such as a file to load first. */
  readonly nodeFlags?: readonly string[]
  /** False: it may run on any core. */
  readonly isPinned?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** An answer with its body read. */
export type Answer = { readonly status: number; readonly text: string; readonly revision: number }

/** The real service in a process of its own, on a core of its own, with authentication on. */
export class ServiceProcess {
  readonly #child: ChildProcess
  readonly url: string
  /** Milliseconds from the start of the process until it listened. */
  readonly listeningAfterMs: number
  #token = ''
  #project = ''

  private constructor(child: ChildProcess, url: string, listeningAfterMs: number) {
    this.#child = child
    this.url = url
    this.listeningAfterMs = listeningAfterMs
  }

  /** Starts the service on a folder and waits until it listens; nobody is logged in yet. */
  static async start(options: ServiceOptions): Promise<ServiceProcess> {
    const { folder, flags = [], nodeFlags = [], env = {}, isPinned = true } = options
    const all = ['--listen', '127.0.0.1:0', '--data', folder, '--log-level', 'warn', ...flags]
    const called = [process.execPath, ...MAIN_FLAGS, ...nodeFlags, MAIN, 'serve', ...all] as const
    const [command, ...args] = isPinned ? onCore(SERVER_CORE, called) : called
    const startMs = performance.now()
    const child = spawn(command, args, {
      ...{ cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
      env: { ...process.env, TAGWERK_ADMIN_PASSWORD: ADMIN_PASSWORD, ...env },
    })
    const endToo = () => child.kill('SIGKILL')
    process.once('exit', endToo)
    child.once('exit', () => process.off('exit', endToo))
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`the service ended with code ${code} before it listened`)
    })
    const line = once(createInterface({ input: child.stdout }), 'line')
    const [text] = (await Promise.race([line, failed])) as [string]
    failed.catch(() => undefined)
    const url = /http:\/\/[\w.:[\]]+/.exec(text)?.[0]
    if (url === undefined) throw new Error(`the service does not say where it answers: ${text}`)
    return new ServiceProcess(child, url, performance.now() - startMs)
  }

  get pid(): number {
    return this.#child.pid as number
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** A token for project `default`, once `logIn` was called. */
  get token(): string {
    return this.#token
  }

  /** The id of project `default`. */
  get project(): string {
    return this.#project
  }

  /** Waits until `/readyz` says yes. */
  async ready(): Promise<void> {
    for (;;) {
      const isReady = await fetch(`${this.url}/readyz`).then(
        async (response) => {
          await response.arrayBuffer()
          return response.ok
        },
        () => false,
      )
      if (isReady) return
      await sleep(2)
    }
  }

  /** Takes a token for project `default`, or uses one that was taken before a restart. */
  async logIn(known?: { readonly token: string; readonly project: string }): Promise<void> {
    if (known !== undefined) {
      this.#token = known.token
      this.#project = known.project
      return
    }
    const domain = { name: 'default' }
    const identity = {
      methods: ['password'],
      password: { user: { name: 'admin', password: ADMIN_PASSWORD, domain } },
    }
    const response = await fetch(`${this.url}/v3/auth/tokens`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ auth: { identity, scope: { project: { name: 'default', domain } } } }),
    })
    if (!response.ok) throw new Error(`logging in: ${response.status} ${await response.text()}`)
    this.#token = response.headers.get('x-subject-token') as string
    const body = (await response.json()) as { token: { project: { id: string } } }
    this.#project = body.token.project.id
  }

  async call(method: string, path: string, body?: string): Promise<Answer> {
    const response = await fetch(this.url + path, {
      ...{ method, body: body ?? null },
      headers: { 'x-auth-token': this.#token, ...(body !== undefined && { 'content-type': 'application/json' }) },
    })
    const revision = Number(response.headers.get('x-tagwerk-revision'))
    return { status: response.status, text: await response.text(), revision }
  }

  /** Lets the process hear a signal without waiting for anything. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends the process and waits for its end: orderly by SIGTERM, or at once by SIGKILL. Gives how long that took, in ms. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return 0
    const startMs = performance.now()
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
    return performance.now() - startMs
  }
}
