import { execFile, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, start, until } from './run.ts'

const hasCurl = spawnSync('curl', ['--version']).status === 0

let demo: ReturnType<typeof start>
let guide: string
beforeAll(async () => {
  // The demo must ignore settings of a real service.
  demo = start(['demo', '--listen', '127.0.0.1:0'], {
    env: { TAGWERK_ADMIN_PASSWORD: 'of a real service', TAGWERK_DATA: '/nowhere' },
  })
  guide = await until(() => (demo.stdout().includes('Ctrl-C stops') ? demo.stdout() : undefined))
})
afterAll(async () => {
  demo.signal('SIGTERM')
  await demo.done
})

const inGuide = (pattern: RegExp) => pattern.exec(guide)?.[1] as string

describe('tagwerk demo', () => {
  it('the demo prints working access data, and only its owner can read the token file', async () => {
    expect(guide).toMatch(/^Tagwerk demo: 240 images and 120 database instances/)
    const tokenFile = inGuide(/also in (\S+)\)/)
    expect(await readFile(tokenFile, 'utf8')).toBe(inGuide(/token {7}(\S+)/))
    expect(guide).toMatch(/access key {2}\w{20}\n {2}its secret {2}\w{40}\n/)
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
    const env = {
      TAGWERK_ENDPOINT: inGuide(/export TAGWERK_ENDPOINT=(\S+)/),
      TAGWERK_PASSWORD: inGuide(/export TAGWERK_PASSWORD='?([\w-]+)/),
      TAGWERK_PROJECT: inGuide(/export TAGWERK_PROJECT=(\S+)/),
    }
    expect(env.TAGWERK_ENDPOINT).toBe(inGuide(/URL {9}(\S+)/))
    expect(await run(['count'], { env })).toMatchObject({
      code: 0,
      stdout: '360\n',
      stderr: '240 images and 120 database instances.\n',
    })
    const { stdout } = await run(['tags', '--json'], { env })
    expect(JSON.parse(stdout).total_count).toBeGreaterThan(15)
  })

  it('the demo prints the address of its console first, with a log-in that works there', async () => {
    expect(guide.split('\n')[2]).toMatch(/^ {2}console {5}http:\/\/127\.0\.0\.1:\d+\/console\/$/)
    const address = inGuide(/console {5}(\S+)/)
    expect((await fetch(address)).headers.get('content-security-policy')).toContain("default-src 'none'")
    const body = {
      user: inGuide(/user {8}(\S+)/),
      domain: inGuide(/\(domain (\S+)\)/),
      password: inGuide(/password {4}(\S+)/),
    }
    const headers = { 'x-tagwerk-console': '1', 'content-type': 'application/json' }
    const answer = await fetch(new URL('/tagwerk/v1/session', address), {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(201)
  })

  it.skipIf(!hasCurl)('the printed curl calls work unchanged', async () => {
    const calls = guide.match(/^ {2}curl (?:.*\\\n)*.*$/gm) as string[]
    expect(calls).toHaveLength(5)
    const answers: string[] = []
    for (const call of calls) answers.push((await promisify(execFile)('sh', ['-c', call])).stdout)
    const [filter, add, imageTags, projectTags, instanceTags] = answers as [string, string, string, string, string]
    expect(JSON.parse(filter).resources).toHaveLength(3)
    expect(add).toBe('status 204\n')
    expect(JSON.parse(imageTags).tags).toContainEqual({ key: 'reviewed', value: 'yes' })
    expect(JSON.parse(projectTags).tags).toHaveLength(5)
    expect(JSON.parse(instanceTags).total_count).toBeGreaterThan(3)
  })

  it('demo --json prints working access data', async () => {
    const other = start(['demo', '--listen', '127.0.0.1:0', '--json'])
    const facts = JSON.parse(await until(() => (other.stdout().endsWith('}\n') ? other.stdout() : undefined)))
    expect(facts.console).toBe(`${facts.endpoint}/console/`)
    expect(facts).toMatchObject({
      user: 'admin',
      domain: 'default',
      project: 'default',
      secret_key: expect.stringMatching(/^\w{40}$/),
    })
    expect(await readFile(facts.token_file, 'utf8')).toBe(facts.token)
    const counted = await run(['count', '--json'], {
      endpoint: facts.endpoint,
      env: { TAGWERK_PASSWORD: facts.password },
    })
    expect(JSON.parse(counted.stdout)).toEqual({ total_count: 360, counts: { images: 240, instances: 120 } })
    other.signal('SIGTERM')
    await other.done
  })

  it('the demo explains that its port is in use', async () => {
    const listen = new URL(inGuide(/URL {9}(\S+)/)).host
    const second = await run(['demo'], { env: { TAGWERK_LISTEN: listen } })
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot listen on ${listen}: another program uses this address. Choose another address with --listen HOST:PORT\n`,
    })
  })

  it('the demo stops on SIGINT and removes its folder', async () => {
    const folder = dirname(inGuide(/also in (\S+)\)/))
    expect(existsSync(folder)).toBe(true)
    demo.signal('SIGINT')
    expect(await demo.done).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(folder)).toBe(false)
    expect(demo.listeners()).toBe(0)
    expect(demo.exits).toEqual([])
  })
})
