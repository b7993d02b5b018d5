import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundledProgram } from '../support/program.ts'

// The service under test. The suite uses its URL, a user and a password only, never its code.

export type Target = {
  readonly url: string
  readonly user: string
  readonly password: string
  /** Stops the service if `openTarget` started it. */
  close(): Promise<void>
}

const START_TIMEOUT_MS = 30_000

/** Connects to the service at TAGWERK_ACCEPTANCE_URL, or starts one on a new data folder. */
export async function openTarget(): Promise<Target> {
  const { TAGWERK_ACCEPTANCE_URL: url, TAGWERK_ACCEPTANCE_USER: user = 'admin' } = process.env
  if (url === undefined || url === '') return startOwn()
  const password = process.env.TAGWERK_ACCEPTANCE_PASSWORD
  if (password === undefined)
    throw new Error('TAGWERK_ACCEPTANCE_URL is set, so TAGWERK_ACCEPTANCE_PASSWORD must be too')
  return { url: url.replace(/\/+$/, ''), user, password, close: async () => undefined }
}

async function startOwn(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-acceptance-'))
  const password = 'as good as any for one run'
  const child = spawn(
    process.execPath,
    [await bundledProgram(), 'serve', '--listen', '127.0.0.1:0', '--data', folder],
    {
      env: { PATH: process.env.PATH, TAGWERK_ADMIN_PASSWORD: password, TAGWERK_LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  try {
    const url = await urlOf(child)
    return { url, user: 'admin', password, close: () => stop(child, folder) }
  } catch (error) {
    await stop(child, folder)
    throw error
  }
}

/** Waits for the line with the URL on standard output. */
function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    let errors = ''
    const timer = setTimeout(
      () => reject(new Error(`no URL on standard output in time: ${out}${errors}`)),
      START_TIMEOUT_MS,
    )
    child.stderr?.on('data', (chunk) => (errors += chunk))
    child.stdout?.on('data', (chunk) => {
      out += chunk
      const [url] = /https?:\/\/[\w.:[\]-]+/.exec(out) ?? []
      if (url === undefined || !out.includes('\n')) return
      clearTimeout(timer)
      resolve(url)
    })
    child.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the service ended with exit code ${code}: ${out}${errors}`))
    })
  })
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  await rm(folder, { recursive: true, force: true })
  if (child.exitCode !== 0) throw new Error(`the service did not end well on SIGTERM: exit code ${child.exitCode}`)
}
