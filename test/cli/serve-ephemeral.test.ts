import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledProgram } from '../support/program.ts'
import { run, start, until } from './run.ts'

const FLAGS = ['--ephemeral', '--listen', '127.0.0.1:0', '--log-level', 'fatal', '--security-log', 'off']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-seeds-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const line = (id: string, more = {}) => JSON.stringify({ resource_type: 'images', resource_id: id, ...more })

async function seedFile(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}

/** Starts a service and waits until it is ready. */
async function serveReady(...args: readonly string[]) {
  const serving = start(['serve', '--json', ...FLAGS, ...args])
  const text = await until(() => (serving.stdout().endsWith('}\n') ? serving.stdout() : undefined))
  const { url, store, password } = JSON.parse(text) as { url: string; store: string; password: string }
  return { serving, url, store, env: { TAGWERK_PASSWORD: password } }
}

describe('tagwerk serve --ephemeral', () => {
  it('the data are in a temporary folder, which the end of the service removes', async () => {
    const { serving, store } = await serveReady()
    expect(existsSync(store)).toBe(true)
    expect(JSON.parse(serving.stdout()).ephemeral).toBe(true)
    serving.signal('SIGTERM')
    expect(await serving.done).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(store)).toBe(false)
  })

  it('the text says that the data are removed', async () => {
    const serving = start(['serve', ...FLAGS])
    await until(() => (serving.stdout().includes('only once') ? true : undefined))
    expect(serving.stdout()).toMatch(/\(data in \S+tagwerk-ephemeral-[\w-]+ until it stops\)/)
    serving.signal('SIGINT')
    expect((await serving.done).code).toBe(0)
  })

  it('a second signal also removes the data', async () => {
    const child = spawn(process.execPath, [await bundledProgram(), 'serve', '--json', ...FLAGS])
    let stdout = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    const { url, store } = JSON.parse(await until(() => (stdout.endsWith('}\n') ? stdout : undefined)))
    // A request that never ends keeps the service from stopping at the first signal.
    const hanging = fetch(`${url}/v3/auth/tokens`, {
      method: 'POST',
      body: new ReadableStream(),
      duplex: 'half',
    } as never)
    hanging.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    // One that the process sees within half a second of the first is taken for the same.
    const signals = setInterval(() => child.kill('SIGINT'), 700)
    child.kill('SIGINT')
    await ended
    clearInterval(signals)
    expect(existsSync(store)).toBe(false)
  })
})

describe('tagwerk serve --seed', () => {
  it.each([0, 4000])('a signal %s ms after the start of a long seed ends it', async (delayMs) => {
    const input = new PassThrough()
    input.write(`${line('a')}\n`)
    const serving = start(['serve', ...FLAGS, '--seed', '-'], { stdin: input })
    await until(() => (serving.listeners() > 0 ? true : undefined))
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    serving.signal('SIGINT')
    expect(await serving.done).toEqual({ code: 130, stdout: '', stderr: 'error: stopped by SIGINT\n' })
    expect(serving.listeners()).toBe(0)
  })

  it('a start that its seed ends leaves no folder behind', async () => {
    const file = await seedFile('refused.ndjson', '{}\n')
    const temporary = await mkdtemp(join(folder, 'tmp-'))
    const child = spawn(process.execPath, [await bundledProgram(), 'serve', ...FLAGS, '--seed', file], {
      env: { ...process.env, TMPDIR: temporary },
    })
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(3)
    expect(await readdir(temporary)).toEqual([])
  })

  it('files are imported before the service listens, several of them and also gzip', async () => {
    const first = await seedFile('first.ndjson', `${line('a')}\n${line('b', { project: 'other' })}\n`)
    const second = await seedFile('second.gz', gzipSync(`${line('c')}\n`))
    const { serving, url, env } = await serveReady('--seed', first, second)
    expect(await run(['count', '--project', 'default'], { endpoint: url, env })).toMatchObject({ stdout: '2\n' })
    expect(await run(['count', '--project', 'other'], { endpoint: url, env })).toMatchObject({ stdout: '1\n' })
    serving.signal('SIGTERM')
    await serving.done
  })

  it('a seed with refused lines ends the start with exit code 3, and names file, line and reason', async () => {
    const file = await seedFile('broken.ndjson', `${line('a')}\n{"resource_type":"images"}\n${line('a b')}\n`)
    const { code, stdout, stderr } = await run(['serve', ...FLAGS, '--seed', file])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('error: the seed was refused: 2 of 3 lines are no resources that this service accepts\n')
    expect(stderr).toContain(`${file}:2: resource_id: `)
    expect(stderr).toContain(`${file}:3: resource_id: `)
  })

  it('a resource that two files have with other data is refused with both places', async () => {
    const one = await seedFile('one.ndjson', line('a'))
    const two = await seedFile('two.ndjson', line('a', { resource_name: 'x' }))
    const { code, stderr } = await run(['serve', ...FLAGS, '--seed', one, '--seed', two])
    expect(code).toBe(3)
    expect(stderr).toContain(`${two}:1: resource_id: must not occur twice: ${one}:1 `)
  })

  it('a missing file and a file of another kind end the start with exit code 1, and name the file', async () => {
    const missing = join(folder, 'missing.ndjson')
    expect(await run(['serve', ...FLAGS, '--seed', missing])).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot open ${missing}: there is no such file (ENOENT)\n`,
    })
    const state = await seedFile('terraform.tfstate', '{\n  "version": 4,\n  "terraform_version": "1.9.0"\n}\n')
    const { code, stderr } = await run(['serve', ...FLAGS, '--seed', state])
    expect(code).toBe(1)
    expect(stderr).toContain(`error: ${state}: this is `)
  })
})
