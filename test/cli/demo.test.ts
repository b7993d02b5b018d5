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
  // A password and a folder that are set for a real service stay out of it.
  demo = start(['demo', '--listen', '127.0.0.1:0'], {
    env: { TAGWERK_ADMIN_PASSWORD: 'of a real service', TAGWERK_DATA: '/nowhere' },
  })
  guide = await until(() => (demo.stdout().includes('Ctrl-C stops') ? demo.stdout() : undefined))
})
afterAll(async () => {
  demo.signal('SIGTERM')
  await demo.done
})

const found = (pattern: RegExp) => pattern.exec(guide)?.[1] as string

describe('demo', () => {
  it('prints what is needed to get in, and keeps the token to its owner', async () => {
    expect(guide).toMatch(/^Tagwerk demo: 240 images and 120 database instances/)
    const tokenFile = found(/also in (\S+)\)/)
    expect(await readFile(tokenFile, 'utf8')).toBe(found(/token {7}(\S+)/))
    expect(guide).toMatch(/access key {2}\w{20}\n {2}its secret {2}\w{40}\n/)
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
    const env = {
      TAGWERK_ENDPOINT: found(/export TAGWERK_ENDPOINT=(\S+)/),
      TAGWERK_PASSWORD: found(/export TAGWERK_PASSWORD='?([\w-]+)/),
      TAGWERK_PROJECT: found(/export TAGWERK_PROJECT=(\S+)/),
    }
    expect(env.TAGWERK_ENDPOINT).toBe(found(/URL {9}(\S+)/))
    expect(await run(['count'], { env })).toMatchObject({ code: 0, stdout: '240\n' })
    const { stdout } = await run(['tags', '--json'], { env })
    expect(JSON.parse(stdout).total_count).toBeGreaterThan(15)
  })

  it.skipIf(!hasCurl)('prints calls that work as they are', async () => {
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

  it('says when its port is taken, and leaves no folder', async () => {
    const listen = new URL(found(/URL {9}(\S+)/)).host
    const second = await run(['demo'], { env: { TAGWERK_LISTEN: listen } })
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot answer on ${listen}: another program answers there. --listen HOST:PORT chooses another address\n`,
    })
  })

  it('stops cleanly and removes its folder', async () => {
    const folder = dirname(found(/also in (\S+)\)/))
    expect(existsSync(folder)).toBe(true)
    demo.signal('SIGINT')
    expect(await demo.done).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(folder)).toBe(false)
    expect(demo.listeners()).toBe(0)
    expect(demo.exits).toEqual([])
  })
})
