import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoCatalogue } from '../../src/cli/demo-catalogue.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { run, start, startProxy, until } from './run.ts'

let test: TestService
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-export-'))
  test = await startTestService()
  const lines = [...demoCatalogue(), { resource_type: 'images', resource_id: 'x', project: 'other' }]
  const stdin = lines.map((line) => JSON.stringify(line)).join('\n')
  expect((await run(['import', '-'], { endpoint: test.url, stdin })).code).toBe(0)
})
afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

describe('tagwerk export', () => {
  it('an export imported into another service exports identically from there', async () => {
    const { code, stdout } = await run(['export'], { endpoint: test.url })
    expect(code).toBe(0)
    expect(linesOf(stdout)).toHaveLength(361)
    const second = await startTestService()
    const report = await run(['import', '-'], { endpoint: second.url, stdin: stdout })
    expect(report.stdout).toMatch(/^Resources: 361 created, 0 updated, 0 unchanged, 0 refused\./)
    // The copy changed last when it was imported; all else is the same, times of creation included.
    const withoutUpdate = (text: string) => text.replace(/"updated_at":"[^"]*",/g, '')
    expect(withoutUpdate((await run(['export'], { endpoint: second.url })).stdout)).toBe(withoutUpdate(stdout))
    await second.stop()
    const again = await run(['import', '-'], { endpoint: test.url, stdin: stdout })
    expect(again.stdout).toMatch(/^Resources: 0 created, 0 updated, 361 unchanged/)
  })

  it('export can be limited to a project and a resource type', async () => {
    const other = await run(['export', '--project', 'other'], { endpoint: test.url })
    expect(linesOf(other.stdout).map((line) => JSON.parse(line).resource_id)).toEqual(['x'])
    const env = { TAGWERK_PROJECT: 'default' }
    const instances = await run(['export', '--type', 'instances'], { endpoint: test.url, env })
    expect(linesOf(instances.stdout)).toHaveLength(120)
  })

  it('export --output replaces a file, and compresses it if the name ends in .gz or .GZ', async () => {
    const plain = join(folder, 'all.ndjson')
    await writeFile(plain, 'old')
    const { code, stdout, stderr } = await run(['export', '--output', plain], { endpoint: test.url })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `Exported 361 resources to ${plain}.\n` })
    expect(linesOf(await readFile(plain, 'utf8'))).toHaveLength(361)
    expect(existsSync(`${plain}.part`)).toBe(false)
    const packed = join(folder, 'all.ndjson.gz')
    expect((await run(['export', '--output', packed], { endpoint: test.url })).code).toBe(0)
    const inCapitals = join(folder, 'all.NDJSON.GZ')
    expect((await run(['export', '--output', inCapitals], { endpoint: test.url })).code).toBe(0)
    for (const path of [packed, inCapitals]) {
      expect(gunzipSync(await readFile(path)).toString()).toBe(await readFile(plain, 'utf8'))
    }
  })

  it('CSV is imported back without a difference, and into another service with the same times', async () => {
    const odd = await startTestService({ flags: { profile: 'lenient' } })
    const values = ['', '(empty)', '+1', "'-1", "'tis", '-5', '@x', "''", '"q"', '007']
    const lines = values.map((value, i) => ({
      resource_type: i % 2 === 0 ? 'images' : 'instances',
      resource_id: `odd-${i}`,
      resource_name: i === 3 ? '' : `=name,\r\n"${i}"`,
      resource_detail: { status: 'x', note: 'a\nb' },
      created_at: `2020-01-0${1 + (i % 9)}T00:00:00.00${i % 9}Z`,
      tags: [
        { key: `z${i % 3}`, value },
        { key: 'a', value: String(i) },
      ],
    }))
    const stdin = lines.map((line) => JSON.stringify(line)).join('\n')
    expect((await run(['import', '-'], { endpoint: odd.url, stdin })).stdout).toMatch(/^Resources: 10 created/)
    const csv = (await run(['export', '--format', 'csv'], { endpoint: odd.url })).stdout
    expect(csv).toMatch(
      /^\ufeffresource_type,project,resource_id,resource_name,tag:a,tag:z0,tag:z1,tag:z2,created_at,updated_at,resource_detail\r\n/,
    )
    expect(csv).not.toMatch(/(^|,)"?[=+\-@]/m)
    const again = await run(['import', '-'], { endpoint: odd.url, stdin: csv })
    expect(again.stdout).toMatch(/^Resources: 0 created, 0 updated, 10 unchanged, 0 refused\./)
    const copy = await startTestService({ flags: { profile: 'lenient' } })
    await run(['import', '-'], { endpoint: copy.url, stdin: csv })
    const second = (await run(['export', '--format', 'csv'], { endpoint: copy.url })).stdout
    const withoutUpdate = (text: string) => text.replace(/Z,[^,]*Z,/g, 'Z,')
    expect(withoutUpdate(second)).toBe(withoutUpdate(csv))
    await Promise.all([odd.stop(), copy.stop()])
  })

  it('an output that ends in .csv or .csv.gz is CSV, and is counted by resources', async () => {
    const plain = join(folder, 'all.csv')
    const { code, stderr } = await run(['export', '--output', plain], { endpoint: test.url })
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Exported 361 resources to ${plain}.\n` })
    const packed = join(folder, 'all.CSV.GZ')
    await run(['export', '--output', packed], { endpoint: test.url })
    expect(gunzipSync(await readFile(packed)).toString()).toBe(await readFile(plain, 'utf8'))
    const lines = join(folder, 'lines.csv')
    await run(['export', '--format', 'ndjson', '--output', lines], { endpoint: test.url })
    expect(linesOf(await readFile(lines, 'utf8'))).toHaveLength(361)
    const unknown = await run(['export', '--format', 'xlsx'], { endpoint: test.url })
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('ndjson, csv') })
  })

  it('the conditions of a query select what is exported', async () => {
    const count = async (...argv: string[]) =>
      Number((await run(['count', '--project', 'default', ...argv], { endpoint: test.url })).stdout)
    const conditions = ['--tag', 'env=prod', '--not-any', 'team', '--type', 'instances']
    const { stdout } = await run(['export', '--project', 'default', ...conditions], { endpoint: test.url })
    expect(linesOf(stdout)).toHaveLength(await count(...conditions))
    const named = await run(['export', '--id', 'x'], { endpoint: test.url })
    expect(linesOf(named.stdout).map((line) => JSON.parse(line).project)).toEqual(['other'])
  })

  it('a broken export keeps the previous file, and the received part in another file', async () => {
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.startsWith('/tagwerk/v1/export')) return false
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('{"resource_id":"half"}\n', () => setTimeout(() => response.destroy(), 50))
      return true
    })
    const output = join(folder, 'broken.ndjson')
    await writeFile(output, 'old')
    const toFile = await run(['export', '--output', output], { endpoint: proxy.url })
    expect(toFile.code).toBe(1)
    expect(toFile.stderr).toMatch(
      /^error: the export failed: .*; the incomplete export is in .*broken\.ndjson\.part\n$/,
    )
    expect(await readFile(output, 'utf8')).toBe('old')
    expect(await readFile(`${output}.part`, 'utf8')).toBe('{"resource_id":"half"}\n')
    const toStdout = await run(['export'], { endpoint: proxy.url })
    await proxy.stop()
    expect(toStdout).toMatchObject({ code: 1, stderr: expect.stringContaining('the printed lines are incomplete') })
  })

  it('Ctrl-C ends an export without a file, and keeps the previous one', async () => {
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.startsWith('/tagwerk/v1/export')) return false
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('{"resource_id":"half"}\n')
      return true
    })
    const output = join(folder, 'stopped.ndjson')
    await writeFile(output, 'old')
    const toFile = start(['export', '--output', output], { endpoint: proxy.url })
    await until(() => (existsSync(`${output}.part`) ? true : undefined))
    toFile.signal('SIGINT')
    expect(await toFile.done).toEqual({
      code: 130,
      stdout: '',
      stderr: 'error: the export failed: stopped by SIGINT; no file was written\n',
    })
    expect(existsSync(`${output}.part`)).toBe(false)
    expect(await readFile(output, 'utf8')).toBe('old')
    const toStdout = start(['export'], { endpoint: proxy.url })
    await until(() => (toStdout.stdout() === '' ? undefined : true))
    toStdout.signal('SIGTERM')
    expect(await toStdout.done).toMatchObject({
      code: 143,
      stderr: 'error: the export failed: stopped by SIGTERM; the printed lines are incomplete\n',
    })
    await proxy.stop()
  })

  it('an export to a terminal shows invisible characters by their code, one to a pipe does not', async () => {
    const project = ['--project', 'hidden']
    const resource = { resource_type: 'images', resource_id: 'h', resource_name: 'a\u202eb' }
    await run(['import', '-', ...project], { endpoint: test.url, stdin: JSON.stringify(resource) })
    const shown = await run(['export', ...project], { endpoint: test.url, printsToTerminal: true })
    const piped = await run(['export', ...project], { endpoint: test.url })
    expect(shown.stdout).toContain('a\\u202eb')
    expect(piped.stdout).toContain('a\u202eb')
    expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(piped.stdout))
  })

  it('export reports a file that cannot be written', async () => {
    const output = join(folder, 'no', 'such', 'folder')
    const { code, stderr } = await run(['export', '--output', output], { endpoint: test.url })
    expect(code).toBe(1)
    expect(stderr).toContain('ENOENT')
  })
})
