import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run } from './run.ts'

// Files of other forms than lines of JSON, from the command line to the service.

let test: TestService
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-import-files-'))
  test = await startTestService()
})
afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})

async function importFile(name: string, content: string | Uint8Array, ...options: string[]) {
  const path = join(folder, name)
  await writeFile(path, content)
  return { path, ...(await run(['import', path, ...options], { endpoint: test.url })) }
}

async function exported(id: string) {
  const { stdout } = await run(['export'], { endpoint: test.url })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line)).find((resource) => resource.resource_id === id)
}

const image = (id: string, value: string) => ({
  resource_type: 'images',
  resource_id: id,
  tags: [{ key: 'env', value }],
})

describe('tagwerk import of files of other forms', () => {
  it('an indented JSON array is imported, and a refused item is named with its line and number', async () => {
    const items = [image('array-1', 'prod'), image('array-2', 'not allowed!'), image('array-3', 'test')]
    const { path, code, stdout, stderr } = await importFile('array.json', JSON.stringify(items, null, 2))
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Resources: 2 created, 0 updated, 0 unchanged, 1 refused\./)
    expect(stderr).toMatch(new RegExp(`^${path}:12: item 2: tags\\[0\\]\\.value: `))
    const json = await importFile('compact.json.gz', gzipSync(JSON.stringify(items)), '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ unchanged: 2, refused: 1, refusals: [{ line: 1, item: 2 }] })
  })

  it('a JSON array of more than one part is imported whole', async () => {
    const items = Array.from({ length: 5100 }, (_, i) => image(`many-${i}`, 'v'))
    items[5099] = image('many-5099', '!')
    const { path, stdout, stderr } = await importFile('many.json', JSON.stringify(items, null, 1))
    expect(stdout).toMatch(/^Resources: 5,099 created, 0 updated, 0 unchanged, 1 refused\./)
    expect(stderr).toMatch(new RegExp(`^${path}:\\d+: item 5100: `))
  })

  it('an array that breaks off ends the import with what was done', async () => {
    const { path, code, stderr } = await importFile('broken.json', `[${JSON.stringify(image('broken-1', 'v'))},\n`)
    expect(code).toBe(1)
    expect(stderr).toContain(`${path}: the JSON array has no end, so the file is not complete`)
  })

  it('CSV is imported with the lines of the file in its report', async () => {
    const rows = [
      'resource_type;resource_id;resource_name;tag:env;tag:team',
      'images;csv-1;"one\r\ntwo";prod;web',
      'images;csv-2;;not allowed!;',
      'images;csv-3;;v;',
      'images;csv-1;;other;',
      'Volumes;csv-4;;;',
    ]
    const { path, code, stdout, stderr } = await importFile('rows.csv', `\ufeff${rows.join('\r\n')}\r\n`)
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Resources: 2 created, 0 updated, 0 unchanged, 3 refused\./)
    expect(stderr.match(/:\d+: \w+/g)).toEqual([':4: tags', ':6: resource_id', ':7: resource_type'])
    expect(stderr).toContain(`must not occur twice: ${path}:2 has other data for it`)
    expect(await exported('csv-1')).toMatchObject({
      resource_name: 'one\r\ntwo',
      tags: [
        { key: 'env', value: 'prod' },
        { key: 'team', value: 'web' },
      ],
    })
  })

  it('a refused row of CSV is counted and listed, and the other rows are imported', async () => {
    const { path, code, stdout, stderr } = await importFile('cells.csv', 'type,id\nimages,cells-1,x\nimages,cells-2\n')
    expect({ code, lines: stdout.split('\n')[0] }).toEqual({
      code: 3,
      lines: 'Resources: 1 created, 0 updated, 0 unchanged, 1 refused.',
    })
    expect(stderr).toContain(`${path}:2: the row has 3 cells, and the first row names 2`)
  })

  it('columns that are not known are refused before anything is imported, or left out by an option', async () => {
    const content = 'type,id,price\nimages,price-1,5\n'
    const refused = await importFile('price.csv', content)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('column 3 is not known (got "price")')
    expect(await exported('price-1')).toBeUndefined()
    const { code, stderr } = await importFile('price.csv', content, '--ignore-column', 'price')
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('not imported: price') })
  })
})
