import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run, start, startProxy, type TestProxy, until } from './run.ts'

// Every way in which an import can end tells what was done until then.

let test: TestService
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-import-end-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  test = await startTestService()
})
afterEach(() => test.stop())

const images = (count: number, prefix = 'i') =>
  Array.from(
    { length: count },
    (_, i) => `{"resource_type":"images","project":"default","resource_id":"${prefix}${i}"}`,
  )

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const importOf = (argv: readonly string[], endpoint = test.url) => run(['import', ...argv], { endpoint })
const countOf = async () => Number((await run(['count'], { endpoint: test.url })).stdout)
const AGAIN = 'Run the same import again to continue: lines that are imported already change nothing.\n'

/** A proxy that answers or breaks the parts of an import from one number on, counted from 0. */
function proxyFrom(part: number, handle: Parameters<typeof startProxy>[1]): Promise<TestProxy> {
  let parts = 0
  return startProxy(test.url, (request, response, body) => {
    if (!request.url?.startsWith('/tagwerk/v1/import') || parts++ < part) return false
    return handle(request, response, body)
  })
}

describe('an import that ends early', () => {
  it('a folder or a missing file is named before anything is sent', async () => {
    const good = await file('good.ndjson', images(3).join('\n'))
    const inner = join(folder, 'inner')
    await mkdir(inner)
    expect(await importOf([good, inner])).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${inner} is a folder: name the files in it, such as ${inner}/*.ndjson\nNothing was imported.\n`,
    })
    const missing = join(folder, 'missing')
    expect(await importOf([good, missing])).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot open ${missing}: there is no such file (ENOENT)\nNothing was imported.\n`,
    })
    const { code, stdout } = await importOf([good, missing, '--json'])
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      report: {
        created: 0,
        error: {
          message: `cannot open ${missing}: there is no such file (ENOENT)`,
          file: null,
          lines_done: 0,
          lines_in_doubt: null,
        },
      },
    })
    expect(await countOf()).toBe(0)
  })

  it('a file with damaged compression is named, with the lines that were processed before it', async () => {
    const good = await file('good.ndjson', images(10).join('\n'))
    const random = Array.from({ length: 12_000 }, (_, i) => images(1, `x${(i * 48_271) % 2_147_483_647}-`)[0])
    const packed = gzipSync(random.join('\n'))
    const broken = await file('broken.ndjson.gz', packed.subarray(0, Math.floor(packed.length * 0.9)))
    const { code, stdout, stderr } = await importOf([good, broken])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^Resources: 10,010 created, 0 updated, 0 unchanged, 0 refused\.\n/)
    expect(stderr).toBe(
      `error: ${broken}: the compressed content ends early\nThe import stopped after line 10,000 of ${broken}; 10,010 lines in all were processed before.\n${AGAIN}`,
    )
    const json = await importOf(['--json', good, broken])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      unchanged: 10_010,
      error: { file: broken, lines_done: 10_000, lines_in_doubt: null },
    })
  })

  it('text after the end of a gzip file is ignored with a warning, and all lines before it are imported', async () => {
    const path = await file(
      'garbage.gz',
      Buffer.concat([gzipSync(images(12_000).join('\n')), Buffer.from('{"a":1}\n')]),
    )
    const warning = `${path}: what follows the end of the compressed content is not gzip and was ignored`
    const { code, stdout, stderr } = await importOf([path])
    expect({ code, stderr }).toEqual({ code: 0, stderr: `warning: ${warning}\n` })
    expect(stdout).toMatch(/^Resources: 12,000 created/)
    const json = await importOf(['--json', path])
    expect(JSON.parse(json.stdout)).toMatchObject({ unchanged: 12_000, warnings: [warning], error: null })
  })

  it.each([
    [503, 6],
    [400, 1],
  ])('status %s ends an import after %s attempts, with the lines in doubt', async (status, times) => {
    let refused = 0
    const proxy = await proxyFrom(1, (_request, response) => {
      refused++
      response.writeHead(status, { 'retry-after': '0' }).end('{"error_code":"c","error_msg":"m"}')
      return true
    })
    const path = await file('status.ndjson', images(10_100).join('\n'))
    const { code, stdout, stderr } = await importOf([path], proxy.url)
    expect({ code, refused }).toEqual({ code: 1, refused: times })
    expect(stdout).toMatch(/^Resources: 5,000 created/)
    expect(stderr).toBe(
      `error: the service answered ${status} c: m\nThe import stopped after line 5,000 of ${path}; 5,000 lines in all were processed before. Lines 5,001 to 10,000 were sent without an answer, so some of them may be imported.\n${AGAIN}`,
    )
    await proxy.stop()
  })

  it('a service that is gone ends an import with the same report', async () => {
    const good = await file('good.ndjson', images(10).join('\n'))
    const { code, stdout } = await importOf(['--json', good], 'http://127.0.0.1:1')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      created: 0,
      error: { message: expect.stringContaining('cannot connect'), file: null, lines_done: 0 },
    })
  })

  it('a dry run that ends early says that nothing was changed', async () => {
    const proxy = await proxyFrom(1, (_request, response) => {
      response.writeHead(400).end('{"error_code":"c","error_msg":"m"}')
      return true
    })
    const path = await file('dry.ndjson', images(10_000).join('\n'))
    const { stderr } = await importOf(['--dry-run', path], proxy.url)
    expect(stderr).toBe(
      `error: the service answered 400 c: m\nThe dry run stopped after line 1,000 of ${path}; 1,000 lines in all were processed before. Nothing was changed.\n`,
    )
    await proxy.stop()
  })

  it('Ctrl-C waits for the lines in flight and reports what was done', async () => {
    const running = start(['import', '--json', '-'], { endpoint: test.url, stdin: endless(5001) })
    await until(async () => ((await countOf()) === 5000 ? true : undefined))
    running.signal('SIGINT')
    const { code, stdout, stderr } = await running.done
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({
      created: 5000,
      error: { message: 'stopped by SIGINT', file: '-', lines_done: 5000, lines_in_doubt: null },
    })
    expect(stderr).toBe(
      `error: stopped by SIGINT\nThe import stopped after line 5,000 of -; 5,000 lines in all were processed before.\n${AGAIN}`,
    )
    expect(running.listeners()).toBe(0)
  })

  it('a second signal exits at once, and tells what was done before', async () => {
    let stuck = 0
    const proxy = await proxyFrom(1, () => {
      stuck++
      return true
    })
    const path = await file('stuck.ndjson', images(6000).join('\n'))
    const running = start(['import', path], { endpoint: proxy.url })
    // The second part is sent when the answer to the first one is there.
    await until(() => (stuck > 0 ? true : undefined))
    running.signal('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 600))
    running.signal('SIGINT')
    expect(running.exits).toEqual([130])
    expect(running.stderr()).toContain('error: stopped by SIGINT\nThe import stopped after line 5,000 of ')
    expect(running.stderr()).toContain('Lines 5,001 to 6,000 were sent without an answer')
    await proxy.stop()
    expect((await running.done).code).toBe(130)
  })

  it('SIGTERM ends the wait before a retry, and the lines sent are in doubt', async () => {
    let refused = 0
    const proxy = await proxyFrom(1, (_request, response) => {
      refused++
      response.writeHead(503, { 'retry-after': '60' }).end('{"error_code":"c","error_msg":"m"}')
      return true
    })
    const path = await file('retry.ndjson', images(6000).join('\n'))
    const running = start(['import', path], { endpoint: proxy.url })
    await until(() => (refused > 0 ? true : undefined))
    await new Promise((resolve) => setTimeout(resolve, 100))
    running.signal('SIGTERM')
    const { code, stderr } = await running.done
    expect(code).toBe(143)
    expect(stderr).toContain('error: stopped by SIGTERM\nThe import stopped after line 5,000')
    expect(stderr).toContain('Lines 5,001 to 6,000 were sent without an answer')
    await proxy.stop()
  })
})

/** Standard input that delivers some lines and then neither data nor an end. */
function endless(count: number): PassThrough {
  const stream = new PassThrough()
  stream.write(`${images(count).join('\n')}\n`)
  return stream
}
