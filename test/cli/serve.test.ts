import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Io, StopSignal } from '../../src/cli/io.ts'
import { Stopper } from '../../src/cli/signals.ts'
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

describe('serve', () => {
  it('tells its URL and, only once, the password it made up', async () => {
    const first = start(['serve', ...flags('founded')])
    const url = await until(() => (first.stdout().includes('only now') ? urlIn(first.stdout()) : undefined))
    expect(first.stdout()).toMatch(/^Tagwerk \d+\.\d+\.\d+ answers on http:\/\/127\.0\.0\.1:\d+ \(data in .*\)\.\n/)
    const password = /password {2}(\S+)\n/.exec(first.stdout())?.[1] as string
    expect((await run(['token'], { endpoint: url, env: { TAGWERK_PASSWORD: password } })).code).toBe(0)
    first.signal('SIGINT')
    expect(await first.done).toMatchObject({ code: 0, stderr: '' })
    await expect(fetch(url)).rejects.toThrow()
    expect(first.listeners()).toBe(0)
    const second = start(['serve', ...flags('founded')])
    await until(() => urlIn(second.stdout()))
    second.signal('SIGTERM')
    const { code, stdout } = await second.done
    expect(code).toBe(0)
    expect(stdout).not.toContain('password')
  })

  it('takes the password it is given', async () => {
    const env = { TAGWERK_ADMIN_PASSWORD: 'chosen', TAGWERK_PASSWORD: 'chosen' }
    const serving = start(['serve', ...flags('chosen')], { env })
    const url = await until(() => urlIn(serving.stdout()))
    expect((await run(['token'], { endpoint: url, env })).code).toBe(0)
    serving.signal('SIGTERM')
    expect((await serving.done).stdout).not.toContain('chosen.')
  })

  it('says when the address cannot be had', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const taken = await run(['serve', ...flags('taken'), '--listen', `127.0.0.1:${port}`])
    expect(taken).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot answer on 127.0.0.1:${port}: another program answers there. --listen HOST:PORT chooses another address\n`,
    })
    other.close()
    const nowhere = await run(['serve', ...flags('taken'), '--listen', 'no-such-host.invalid:1'])
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: cannot answer on no-such-host/) })
  })

  it('says when the data folder cannot be', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const { code, stderr } = await run(['serve', ...flags('a-file')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: EEXIST/)
  })
})

describe('stopping', () => {
  const fake = () => {
    let hear: (signal: StopSignal) => void = () => undefined
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
      onSignal: (listener: typeof hear) => {
        hear = listener
        return () => undefined
      },
      exitNow: (code: number) => exits.push(code),
    } as unknown as Io
    const stopper = new Stopper(io, () => forced++)
    return { stopper, exits, errors, signal: (signal: StopSignal) => hear(signal), forced: () => forced }
  }
  const service = (failed: Promise<Error>, stop: () => Promise<void>) => ({ failed, stop }) as unknown as Service
  const never = new Promise<never>(() => undefined)

  it('ends at once on a second signal, but not when it is the first one passed on', async () => {
    const { stopper, exits, signal, forced } = fake()
    const stopping = Promise.withResolvers<void>()
    const done = stopper.run(service(never, () => stopping.promise))
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

  it('stops a service that has failed, and says why', async () => {
    const { stopper, errors } = fake()
    let stopped = false
    const failed = Promise.resolve(new Error('the disk is full'))
    const code = await stopper.run(
      service(failed, async () => {
        stopped = true
      }),
    )
    expect({ code, stopped }).toEqual({ code: 1, stopped: true })
    expect(errors.join('')).toBe('error: the service has failed and stops: the disk is full\n')
  })

  it('remembers a signal that came before the service was there', async () => {
    const { stopper, signal } = fake()
    signal('SIGTERM')
    expect(await stopper.run(service(never, async () => undefined))).toBe(0)
  })
})

describe('the process', () => {
  type Process = { readonly out: () => string; readonly err: () => string; readonly code: Promise<number | null> }
  const startProcess = (...argv: string[]): Process & { kill(signal: StopSignal): void } => {
    const child = spawn(process.execPath, [MAIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
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

  it('serves until SIGTERM, and keeps its folder to itself', async () => {
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

  it('ends with the code of its command', async () => {
    const wrong = startProcess('nope')
    expect(await wrong.code).toBe(2)
    expect(wrong.err()).toContain("unknown command 'nope'")
  })
})
