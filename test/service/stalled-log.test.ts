import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { bundledProgram } from '../support/program.ts'
import { ADMIN_PASSWORD } from '../support/service.ts'

// A reader of the log that has stopped reading must not stop the service.

/** Makes the log line of a request long, so that few requests fill every buffer. */
const LONG_QUERY = `?x=${'x'.repeat(12_000)}`
/** Their lines are three times as long as what one process keeps for a reader. */
const REQUESTS = 1000

let folder: string
let child: ChildProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-log-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => void child.kill('SIGKILL'))

/** Starts a service at level debug and gives its URL. Nobody reads its standard error. */
async function start(name: string, stderr: number | 'pipe', flags: readonly string[]): Promise<string> {
  const args = ['serve', '--listen', '127.0.0.1:0', '--data', join(folder, name), '--log-level', 'debug', ...flags]
  child = spawn(process.execPath, [await bundledProgram(), ...args], {
    env: { ...process.env, TAGWERK_ADMIN_PASSWORD: ADMIN_PASSWORD },
    stdio: ['ignore', 'pipe', stderr],
  })
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer]
  return /http:\S+/.exec(String(chunk))![0]
}

/** Sends many requests, and gives how many were answered with 200. */
async function send(url: string): Promise<number> {
  let answered = 0
  const sendSome = async () => {
    for (let i = 0; i < REQUESTS / 10; i++) {
      const answer = await fetch(`${url}/version${LONG_QUERY}`, { signal: AbortSignal.timeout(30_000) })
      await answer.arrayBuffer()
      if (answer.status === 200) answered++
    }
  }
  await Promise.all(Array.from({ length: 10 }, sendSome))
  return answered
}

async function exitCodeOnStop(): Promise<unknown> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = await ended
  return code
}

describe.each([
  ['one process', []],
  ['two workers', ['--workers', '2']],
])('a service of %s with a log that nobody reads', (name, flags) => {
  it('answers many requests at level debug and stops, with a pipe', { timeout: 120_000 }, async () => {
    const path = join(folder, `${name}.fifo`)
    execFileSync('mkfifo', [path])
    const pipe = openSync(path, constants.O_RDWR)
    expect(await send(await start(`${name} pipe`, pipe, flags))).toBe(REQUESTS)
    expect(await exitCodeOnStop()).toBe(0)
    closeSync(pipe)
  })

  it('answers many requests at level debug and stops, with a socket', { timeout: 120_000 }, async () => {
    expect(await send(await start(`${name} socket`, 'pipe', flags))).toBe(REQUESTS)
    expect(await exitCodeOnStop()).toBe(0)
  })
})

describe('a reader of the log that reads again', () => {
  it('gets whole lines, and one that counts those that were dropped', { timeout: 120_000 }, async () => {
    const path = join(folder, 'late.fifo')
    execFileSync('mkfifo', [path])
    const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    await send(await start('late', pipe, []))
    const text = await readAll(pipe)
    closeSync(pipe)
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const answered = lines.filter(({ msg }) => msg === 'answered').length
    const [report, ...others] = lines.filter(({ dropped }) => dropped !== undefined)
    expect(others).toEqual([])
    expect(report).toMatchObject({ level: 40, msg: expect.stringContaining('log lines were dropped') })
    expect(report.dropped).toBeGreaterThan(REQUESTS / 3)
    expect(report.dropped + answered).toBe(REQUESTS)
  })

  it('a service whose log has lost its reader goes on', { timeout: 120_000 }, async () => {
    const url = await start('gone', 'pipe', [])
    child.stderr!.destroy()
    expect(await send(url)).toBe(REQUESTS)
    expect(await exitCodeOnStop()).toBe(0)
  })
})

/** Reads a pipe until it has been empty for half a second. */
async function readAll(pipe: number): Promise<string> {
  const buffer = Buffer.alloc(65_536)
  let text = ''
  for (let quiet = 0; quiet < 10; ) {
    try {
      text += buffer.toString('utf8', 0, readSync(pipe, buffer))
      quiet = 0
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN')
      quiet++
      await pause(50)
    }
  }
  return text
}

it('a service goes on when the reader of its standard output has gone before its first line', {
  timeout: 120_000,
}, async () => {
  const args = ['serve', '--listen', '127.0.0.1:0', '--data', join(folder, 'no reader')]
  child = spawn(process.execPath, [await bundledProgram(), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout!.destroy()
  let log = ''
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk))
  const url = await vi.waitFor(() => /"url":"(http:[^"]+)","msg":"listening"/.exec(log)![1], 60_000)
  // It listens before its first accounts are made, and prints its line after that.
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200)
  await pause(500)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect(await exitCodeOnStop()).toBe(0)
  expect(log).toContain('stopped')
})
