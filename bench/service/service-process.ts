import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { onCore, SERVER_CORE } from '../load/cores.ts'

export const ROOT = join(import.meta.dirname, '..', '..')
/** The published program; built before any case runs. */
export const MAIN = join(ROOT, 'dist', 'main.js')
/** The Node flags of the program's shebang line. */
const MAIN_FLAGS = (/^#!.* node (.*)$/m.exec(readFileSync(join(ROOT, 'src', 'main.ts'), 'utf8'))?.[1] ?? '').split(' ')

/** Only used for services that are started here, on their own folders. */
export const ADMIN_PASSWORD = 'a password for benchmarks only'

export type ServiceOptions = {
  readonly folder: string
  /** Flags of `tagwerk serve` in addition to folder and address. */
  readonly flags?: readonly string[]
  /** Node flags, such as a module to preload. */
  readonly nodeFlags?: readonly string[]
  /** False: the service may run on any core. */
  readonly isPinned?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** A response with its body. */
export type Answer = { readonly status: number; readonly text: string; readonly revision: number }

/** The real service in a separate process on its own core, with authentication. */
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

  /** Starts the service on a folder and waits until it listens. Does not log in. */
  static async start(options: ServiceOptions): Promise<ServiceProcess> {
    const { folder, flags = [], nodeFlags = [], env = {}, isPinned = true } = options
    const all = ['--listen', '127.0.0.1:0', '--data', folder, '--log-level', 'warn', ...flags]
    const called = [process.execPath, ...MAIN_FLAGS, ...nodeFlags, MAIN, 'serve', ...all] as const
    const [command, ...args] = isPinned ? onCore(SERVER_CORE, called) : called
    const startMs = performance.now()
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TAGWERK_ADMIN_PASSWORD: ADMIN_PASSWORD, ...env },
    })
    const killChild = () => child.kill('SIGKILL')
    process.once('exit', killChild)
    child.once('exit', () => process.off('exit', killChild))
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`the service ended with code ${code} before it listened`)
    })
    const line = once(createInterface({ input: child.stdout }), 'line')
    const [text] = (await Promise.race([line, failed])) as [string]
    failed.catch(() => undefined)
    const url = /http:\/\/[\w.:[\]]+/.exec(text)?.[0]
    if (url === undefined) throw new Error(`the service does not print its address: ${text}`)
    return new ServiceProcess(child, url, performance.now() - startMs)
  }

  get pid(): number {
    return this.#child.pid as number
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** A token for project `default`, after `logIn`. */
  get token(): string {
    return this.#token
  }

  /** The id of project `default`. */
  get project(): string {
    return this.#project
  }

  /** Waits until `/readyz` succeeds. */
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

  /** Obtains a token for project `default`, or reuses one from before a restart. */
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
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { name: 'default', domain } } } }),
    })
    if (!response.ok) throw new Error(`logging in: ${response.status} ${await response.text()}`)
    this.#token = response.headers.get('x-subject-token') as string
    const body = (await response.json()) as { token: { project: { id: string } } }
    this.#project = body.token.project.id
  }

  async call(
    method: string,
    path: string,
    body?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      body: body ?? null,
      headers: {
        'x-auth-token': this.#token,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more,
      },
    })
    const revision = Number(response.headers.get('x-tagwerk-revision'))
    return { status: response.status, text: await response.text(), revision }
  }

  /** Sends a signal without waiting. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /**
   * Stops the process and waits for its end: SIGTERM for a graceful stop, SIGKILL for a crash. Returns the milliseconds
   * that it took.
   */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return 0
    const startMs = performance.now()
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
    return performance.now() - startMs
  }
}
