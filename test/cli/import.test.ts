import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run, startProxy } from './run.ts'

let test: TestService
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  test = await startTestService()
})
afterEach(() => test.stop())

const image = (id: string, value = 'v', project: string | null = 'default') =>
  JSON.stringify({
    resource_type: 'images',
    resource_id: id,
    tags: [{ key: 'k', value }],
    ...(project !== null && { project }),
  })

const images = (count: number, value?: string) => Array.from({ length: count }, (_, i) => image(`i${i}`, value))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const countOf = async (...argv: string[]) => Number((await run(['count', ...argv], { endpoint: test.url })).stdout)

describe('tagwerk import', () => {
  it('import registers the lines of plain and gzip files, and repeating it changes nothing', async () => {
    const plain = await file('plain.ndjson', `${images(3).join('\n')}\n`)
    // Two gzip members, like the output of `cat a.gz b.gz`, in a file without the suffix .gz.
    const packed = await file(
      'packed.bin',
      Buffer.concat([gzipSync(`${image('p0')}\n`), gzipSync(`${image('p1')}\r\n\r\n`)]),
    )
    const first = await run(['import', plain, packed], { endpoint: test.url })
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(
      /^Resources: 5 created, 0 updated, 0 unchanged, 0 refused\.\n\d+\.\d s, [\d,]+ resources per second\.\n$/,
    )
    expect(await countOf()).toBe(5)
    const again = await run(['import', plain, packed], { endpoint: test.url })
    expect(again.stdout).toMatch(/^Resources: 0 created, 0 updated, 5 unchanged, 0 refused\./)
  })

  it('import reads standard input, plain, gzip or empty', async () => {
    const plain = await run(['import', '-'], { endpoint: test.url, stdin: image('a') })
    expect(plain.stdout).toMatch(/^Resources: 1 created/)
    const packed = await run(['import', '-'], { endpoint: test.url, stdin: gzipSync(image('a')) })
    expect(packed.stdout).toMatch(/^Resources: 0 created, 0 updated, 1 unchanged/)
    expect(await run(['import', '-'], { endpoint: test.url, stdin: '' })).toMatchObject({ code: 0, stderr: '' })
  })

  it('import reports refused lines by their number in the file, also in later batches and gzip files', async () => {
    const lines = images(5200)
    lines[0] = '{"resource_type":"Volumes","resource_id":"x"}'
    lines[4999] = 'no JSON'
    lines[5000] = ''
    lines[5001] = image('x', 'not allowed!')
    lines[5100] = JSON.stringify({ resource_type: 'images', resource_id: 'y', resource_name: 'y'.repeat(300_000) })
    lines[5199] = '[]'
    const path = await file('bad.ndjson.gz', gzipSync(lines.join('\n')))
    const { code, stdout, stderr } = await run(['import', path], { endpoint: test.url })
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Resources: 5,194 created, 0 updated, 0 unchanged, 5 refused\./)
    const places = stderr.trim().split('\n')
    expect(places.map((line) => line.slice(path.length).match(/^:\d+: /)?.[0])).toEqual([
      ':1: ',
      ':5000: ',
      ':5002: ',
      ':5101: ',
      ':5200: ',
    ])
    expect(places[2]).toContain('tags[0].value')
    expect(places[3]).toContain('65536')
    const json = await run(['import', '--json', path], { endpoint: test.url })
    expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 3, stderr: '' })
    const report = JSON.parse(json.stdout)
    expect(report).toMatchObject({ dry_run: false, created: 0, unchanged: 5194, refused: 5, projects_created: [] })
    expect(report.refusals[1]).toEqual({
      file: path,
      line: 5000,
      field: 'line',
      rule: expect.any(String),
      message: expect.any(String),
    })
    expect(report.refusals.map(({ line }: { line: number }) => line)).toEqual([1, 5000, 5002, 5101, 5200])
  })

  it('import lists the first 50 refused lines and counts the rest', async () => {
    const { code, stderr } = await run(['import', '-'], { endpoint: test.url, stdin: 'x\n'.repeat(60) })
    expect(code).toBe(3)
    const shown = stderr.trim().split('\n')
    expect(shown).toHaveLength(51)
    expect(shown[49]).toMatch(/^-:50: /)
    expect(shown[50]).toBe('10 more lines were refused; --json lists up to 10,000.')
  })

  it('import creates missing projects, and puts lines without a project into the one of --project', async () => {
    const stdin = [image('a', 'v', 'made'), image('b', 'v', 'made'), image('c', 'v', null)].join('\n')
    const { code, stdout } = await run(['import', '-', '--project', 'other'], { endpoint: test.url, stdin })
    expect(code).toBe(0)
    expect(stdout).toContain('Projects created: made, other.\n')
    expect(await countOf('--project', 'made')).toBe(2)
    expect(await countOf('--project', 'other')).toBe(1)
  })

  it('a dry run reports the effect and changes nothing', async () => {
    await run(['import', '-'], { endpoint: test.url, stdin: images(2).join('\n') })
    const stdin = [image('i0', 'other'), image('i1'), image('new'), image('far', 'v', 'nowhere'), 'bad'].join('\n')
    const { code, stdout } = await run(['import', '--dry-run', '-'], { endpoint: test.url, stdin })
    expect(code).toBe(3)
    expect(stdout).toMatch(
      /^-:1: updated images i0: k=v -> other\n-:3: created images new: \+k=v\n-:4: created images far: \+k=v\nDry run, nothing was changed\. Resources: 2 created, 1 updated, 1 unchanged, 1 refused\.\nProjects that would be created: nowhere\.\n/,
    )
    expect(await countOf()).toBe(2)
    expect(await countOf('--tag', 'k=other')).toBe(0)
    expect((await run(['projects'], { endpoint: test.url })).stdout).not.toContain('nowhere')
  })

  it('import retries when the service is busy or the connection breaks', async () => {
    const faults = ['busy', 'cut', 'slow down'] as const
    let imports = 0
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.startsWith('/tagwerk/v1/import')) return false
      const fault = faults[imports++]
      if (fault === undefined) return false
      if (fault === 'cut') request.socket.destroy()
      else response.writeHead(fault === 'busy' ? 503 : 429, { 'retry-after': '0' }).end()
      return true
    })
    const { code, stdout } = await run(['import', '-'], { endpoint: proxy.url, stdin: images(3).join('\n') })
    await proxy.stop()
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Resources: 3 created/)
    expect(imports).toBe(4)
  })

  it('no part of an import exceeds 1 MB, with long lines and with short ones', async () => {
    const sizes: number[] = []
    const proxy = await startProxy(test.url, (request, _response, body) => {
      if (request.url?.startsWith('/tagwerk/v1/import')) sizes.push(body.length)
      return false
    })
    const long = images(60).map((line) => `${line}${' '.repeat(60_000)}`)
    const path = await file('long.ndjson', [...long, ...images(9000, 'w').slice(60)].join('\n'))
    const { code, stdout } = await run(['import', path], { endpoint: proxy.url })
    await proxy.stop()
    expect({ code, parts: sizes.length }).toEqual({ code: 0, parts: 6 })
    expect(stdout).toMatch(/^Resources: 9,000 created/)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000)
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(900_000)
  })

  it('import shows progress on a terminal only', async () => {
    const path = await file('progress.ndjson', images(10).join('\n'))
    const shown = await run(['import', path], { endpoint: test.url, isTerminal: true })
    expect(shown.stderr).toContain('100% | 10 resources')
    const endless = await run(['import', '-'], { endpoint: test.url, isTerminal: true, stdin: image('a') })
    expect(endless.stderr).toContain('1 resources | ')
    expect((await run(['import', path], { endpoint: test.url })).stderr).toBe('')
  })
})
