import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run, startProxy } from './run.ts'

// Files of another kind than lines of JSON objects.

let test: TestService
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-import-kind-'))
  test = await startTestService()
})
afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})

const line = (id: string) => `{"resource_type":"images","project":"default","resource_id":"${id}"}`
const countOf = async () => Number((await run(['count'], { endpoint: test.url })).stdout)

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** Imports files through a proxy that counts the parts of imports. */
async function importCounted(argv: readonly string[], stdin?: string | Uint8Array) {
  let parts = 0
  const proxy = await startProxy(test.url, (request) => {
    if (request.url?.startsWith('/tagwerk/v1/import')) parts++
    return false
  })
  const result = await run(['import', ...argv], { endpoint: proxy.url, ...(stdin !== undefined && { stdin }) })
  await proxy.stop()
  return { ...result, parts }
}

describe('a file of another kind', () => {
  it.each([
    ['lines that end in commas', `${line('a')},\n${line('b')}\n`, 'lines with a comma after the object, .* sed '],
    ['a list in a gzip file', gzipSync('{"resources":[{}]}'), 'one JSON document with a list of resources'],
    ['CSV without a column of ids', 'name,env\nx,prod\n', 'a CSV file whose first row names no column with the ids'],
    ['a zip file', Buffer.from('PK\x03\x04'), 'a zip file, .*: unzip -p FILE'],
  ])('%s is named once, before anything of any file is sent', async (_what, content, words) => {
    const before = await countOf()
    const good = await file('good.ndjson', line('good'))
    const other = await file('other', content)
    const { code, stdout, stderr, parts } = await importCounted([good, other])
    expect({ code, stdout, parts }).toEqual({ code: 1, stdout: '', parts: 0 })
    expect(stderr).toMatch(new RegExp(`^error: ${other}: this is ${words}.*\nNothing was imported\\.\n$`))
    expect(await countOf()).toBe(before)
  })

  it('standard input is checked before its first part is sent', async () => {
    const { code, stderr, parts } = await importCounted(['-'], '<html>\n')
    expect({ code, parts }).toEqual({ code: 1, parts: 0 })
    expect(stderr).toContain('error: -: this is an HTML page')
    const json = await importCounted(['--json', '-'], '<a/>')
    expect(JSON.parse(json.stdout).error).toMatchObject({ message: expect.stringContaining('an XML document') })
  })

  it('lines that look like another kind are refused one by one after the first part', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => line(`part-${i}`))
    const { code, stdout, stderr } = await importCounted(['-'], [...lines, '[', 'a,b', 'c,d', line('last')].join('\n'))
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Resources: 5,001 created, 0 updated, 0 unchanged, 3 refused/)
    expect(stderr.match(/^-:\d+: /gm)).toEqual(['-:5001: ', '-:5002: ', '-:5003: '])
  })

  it('the output of query can be imported after the conversion that the message names', async () => {
    const { stdout } = await run(['query', '--json'], { endpoint: test.url })
    const path = await file('query.json', stdout)
    const { stderr } = await run(['import', path], { endpoint: test.url })
    expect(stderr).toContain(`jq -c '.resources[] | {resource_type: "images"} + .' FILE`)
    const { resources } = JSON.parse(stdout) as { resources: object[] }
    const converted = resources.map((resource) => JSON.stringify({ resource_type: 'images', ...resource })).join('\n')
    const again = await run(['import', '-', '--project', 'default'], { endpoint: test.url, stdin: converted })
    expect(again.stdout).toMatch(/^Resources: 0 created, 0 updated, \d+ unchanged, 0 refused/)
  })
})
