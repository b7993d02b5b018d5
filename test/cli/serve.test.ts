import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Io, StopSignal } from '../../src/cli/io.ts'
import { SignalHandler } from '../../src/cli/signals.ts'
import { readVersion } from '../../src/config/version.ts'
import type { Service } from '../../src/service/assembly.ts'
import { run, start, until } from './run.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-serve-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const flags = (name: string) => ['--listen', '127.0.0.1:0', '--log-level', 'fatal', '--data', join(folder, name)]

const urlIn = (text: string) => /answers on (\S+) /.exec(text)?.[1]

describe('tagwerk serve', () => {
  it('serve prints its URL, and the generated password at the first start only', async () => {
    const first = start(['serve', ...flags('first-start')])
    const url = await until(() => (first.stdout().includes('only once') ? urlIn(first.stdout()) : undefined))
    expect(first.stdout()).toMatch(/^Tagwerk \d+\.\d+\.\d+ answers on http:\/\/127\.0\.0\.1:\d+ \(data in .*\)\.\n/)
    const password = /password {2}(\S+)\n/.exec(first.stdout())?.[1] as string
    expect((await run(['token'], { endpoint: url, env: { TAGWERK_PASSWORD: password } })).code).toBe(0)
    first.signal('SIGINT')
    expect(await first.done).toMatchObject({ code: 0, stderr: '' })
    await expect(fetch(url)).rejects.toThrow()
    expect(first.listeners()).toBe(0)
    const second = start(['serve', ...flags('first-start')])
    await until(() => urlIn(second.stdout()))
    second.signal('SIGTERM')
    const { code, stdout } = await second.done
    expect(code).toBe(0)
    expect(stdout).not.toContain('password')
  })

  it('serve --json prints the URL, and the generated password at the first start only', async () => {
    const serveOnce = async () => {
      const serving = start(['serve', ...flags('json'), '--json'])
      await until(() => (serving.stdout().endsWith('}\n') ? true : undefined))
      serving.signal('SIGTERM')
      return JSON.parse((await serving.done).stdout)
    }
    const facts = { url: expect.stringMatching(/^http:\/\/127/), version: readVersion(), store: join(folder, 'json') }
    const password = expect.stringMatching(/^[\w-]{20}$/)
    expect(await serveOnce()).toEqual({ ...facts, user: 'admin', password })
    expect(await serveOnce()).toEqual(facts)
  })

  it('serve uses the configured password and does not print it', async () => {
    const env = { TAGWERK_ADMIN_PASSWORD: 'chosen for this test', TAGWERK_PASSWORD: 'chosen for this test' }
    const serving = start(['serve', ...flags('chosen')], { env })
    const url = await until(() => urlIn(serving.stdout()))
    expect((await run(['token'], { endpoint: url, env })).code).toBe(0)
    serving.signal('SIGTERM')
    expect((await serving.done).stdout).not.toContain('chosen for')
  })

  it('serve explains why it cannot listen on the address of its metrics, and stops', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = `127.0.0.1:${(other.address() as { port: number }).port}`
    const reason = 'another program uses this address. Choose another address with --metrics-listen HOST:PORT'
    expect(await run(['serve', ...flags('no-metrics'), '--metrics-listen', address])).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot listen on ${address}: ${reason}\n`,
    })
    other.close()
  })

  it('serve explains why it cannot listen on an address', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const taken = await run(['serve', ...flags('taken'), '--listen', `127.0.0.1:${port}`])
    expect(taken).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot listen on 127.0.0.1:${port}: another program uses this address. Choose another address with --listen HOST:PORT\n`,
    })
    other.close()
    const nowhere = await run(['serve', ...flags('taken'), '--listen', 'no-such-host.invalid:1'])
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: cannot listen on no-such-host/) })
  })

  it('serve fails if the data folder is a file', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const { code, stderr } = await run(['serve', ...flags('a-file')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: EEXIST/)
  })
})

describe('the signal handler', () => {
  const fake = () => {
    let listen: (signal: StopSignal) => void = () => undefined
    const exits: number[] = []
    let forced = 0
    const errors: string[] = []
    const stderr = {
      write: (text: string, done: () => void) => {
        errors.push(text)
        done()
      },
    }
    const io = {
      stderr,
      onSignal: (listener: typeof listen) => {
        listen = listener
        return () => undefined
      },
      exitNow: (code: number) => exits.push(code),
    } as unknown as Io
    const handler = new SignalHandler(io, () => forced++)
    return { handler, exits, errors, signal: (signal: StopSignal) => listen(signal), forced: () => forced }
  }
  const service = (failed: Promise<Error>, stop: () => Promise<void>) => ({ failed, stop }) as unknown as Service
  const never = new Promise<never>(() => undefined)

  it('a second signal exits at once, unless it follows the first within half a second', async () => {
    const { handler, exits, signal, forced } = fake()
    const stopping = Promise.withResolvers<void>()
    const done = handler.stopOnSignal(service(never, () => stopping.promise))
    signal('SIGINT')
    signal('SIGINT')
    expect(exits).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 600))
    signal('SIGINT')
    signal('SIGTERM')
    expect(exits).toEqual([130, 143])
    expect(forced()).toBe(2)
    stopping.resolve()
    expect(await done).toBe(0)
  })

  it('a failed service is stopped and its error is printed', async () => {
    const { handler, errors } = fake()
    let stopped = false
    const failed = Promise.resolve(new Error('the disk is full'))
    const code = await handler.stopOnSignal(
      service(failed, async () => {
        stopped = true
      }),
    )
    expect({ code, stopped }).toEqual({ code: 1, stopped: true })
    expect(errors.join('')).toBe('error: the service failed and is stopping: the disk is full\n')
  })

  it('a signal during the start stops the service once it runs', async () => {
    const { handler, signal } = fake()
    signal('SIGTERM')
    expect(await handler.stopOnSignal(service(never, async () => undefined))).toBe(0)
  })
})

describe('a tagwerk process', () => {
  type Process = { readonly out: () => string; readonly err: () => string; readonly code: Promise<number | null> }
  type Stoppable = Process & { kill(signal: StopSignal): void }
  const startProcess = (...argv: string[]): Stoppable => startProcessIn(process.env, ...argv)
  const startProcessIn = (env: NodeJS.ProcessEnv, ...argv: string[]): Stoppable => {
    const child = spawn(process.execPath, [MAIN, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const texts = { out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      texts.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      texts.err += chunk
    })
    const code = new Promise<number | null>((resolve) => child.on('close', resolve))
    return { out: () => texts.out, err: () => texts.err, code, kill: (signal) => child.kill(signal) }
  }

  it('a process serves until SIGTERM, and a second process on its data folder fails', async () => {
    const first = startProcess('serve', ...flags('shared'))
    const url = await until(() => urlIn(first.out()))
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const second = startProcess('serve', ...flags('shared'))
    expect(await second.code).toBe(1)
    expect(second.out()).toBe('')
    expect(second.err()).toMatch(
      /^error: the data folder \S+ is in use by another Tagwerk process \(process \d+\): .*\n$/,
    )
    first.kill('SIGTERM')
    expect(await first.code).toBe(0)
    const third = startProcess('serve', ...flags('shared'))
    await until(() => urlIn(third.out()))
    third.kill('SIGINT')
    expect(await third.code).toBe(0)
  })

  it('a service logs a misspelt variable and starts', async () => {
    const env = { ...process.env, TAGWERK_LISTN: '127.0.0.1:1' }
    const serving = startProcessIn(env, 'serve', ...flags('misspelt'), '--log-level', 'warn')
    await until(() => urlIn(serving.out()))
    const [line = ''] = serving.err().split('\n')
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      msg: 'TAGWERK_LISTN is not a setting: did you mean TAGWERK_LISTEN?',
    })
    serving.kill('SIGTERM')
    expect(await serving.code).toBe(0)
  })

  it('the process exits with the code of its command', async () => {
    const wrong = startProcess('nope')
    expect(await wrong.code).toBe(2)
    expect(wrong.err()).toContain("unknown command 'nope'")
  })
})
