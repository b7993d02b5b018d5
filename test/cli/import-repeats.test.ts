import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run } from './run.ts'

// Resources that occur in several lines of one import, over its parts and sources.

let test: TestService
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-import-repeats-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  test = await startTestService()
})
afterEach(() => test.stop())

const image = (id: string, value = 'v', more: object = {}) =>
  JSON.stringify({ resource_type: 'images', resource_id: id, tags: [{ key: 'k', value }], ...more })
const images = (count: number) => Array.from({ length: count }, (_, i) => image(`i${i}`))

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, lines.join('\n'))
  return path
}

const importOf = (...argv: string[]) => run(['import', ...argv], { endpoint: test.url })
const countOf = async (...argv: string[]) => Number((await run(['count', ...argv], { endpoint: test.url })).stdout)

describe('a resource that occurs twice in one import', () => {
  it('a line with other data is refused with both places, in another part and in another file', async () => {
    const first = await file('first.ndjson', [image('same', 'first'), ...images(5500), image('same', 'second'), 'bad'])
    const second = await file('second.ndjson', ['', image('new'), image('same', 'third'), image('i3', 'other')])
    const { code, stdout, stderr } = await importOf(first, second)
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Resources: 5,502 created, 0 updated, 0 unchanged, 4 refused\.\n\d/)
    const rule = (place: string, id: string) =>
      `resource_id: must not occur twice: ${place} has other data for it, and --last-wins lets the last line count (got "${id}").`
    const lines = stderr.trim().split('\n')
    expect(lines).toEqual([
      `${first}:5502: ${rule(`${first}:1`, 'same')}`,
      expect.stringMatching(/first\.ndjson:5503: line: must be JSON/),
      `${second}:3: ${rule(`${first}:1`, 'same')}`,
      `${second}:4: ${rule(`${first}:5`, 'i3')}`,
    ])
    expect(await countOf('--tag', 'k=first')).toBe(1)
  })

  it('a line with equal data is reported and counted, and the import succeeds', async () => {
    const first = await file('first.ndjson', images(3))
    const { code, stdout, stderr } = await importOf(first, first)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Resources: 3 created, 0 updated, 3 unchanged, 0 refused\.\n3 lines have a resource of an /)
    expect(stderr).toBe([1, 2, 3].map((n) => `warning: ${first}:${n}: repeats ${first}:${n}\n`).join(''))
    const json = await importOf('--json', first, first)
    const report = JSON.parse(json.stdout)
    expect(report).toMatchObject({ unchanged: 6, refused: 0, repeated: 3 })
    expect(report.repeats[1]).toEqual({ file: first, line: 2, earlier_file: first, earlier_line: 2, equal: true })
  })

  it('with --last-wins the last line counts, over parts, and is reported', async () => {
    const path = await file('order.ndjson', [image('same', 'first'), ...images(5500), image('same', 'last')])
    const { code, stdout, stderr } = await importOf('--last-wins', path)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `warning: ${path}:5502: replaces the resource of ${path}:1\n`,
    })
    expect(stdout).toMatch(
      /^Resources: 5,501 created, 1 updated, 0 unchanged, 0 refused\.\n1 line has a resource of an /,
    )
    expect(await countOf('--tag', 'k=last')).toBe(1)
  })

  it('a line without a project has the default one', async () => {
    const named = { project: 'default' }
    const path = await file('projects.ndjson', [
      image('a', 'v', named),
      image('a'),
      image('a', 'w'),
      image('a', 'w', named),
    ])
    const { stdout } = await importOf(path, '--project', 'default')
    expect(stdout).toMatch(/^Resources: 1 created, 0 updated, 1 unchanged, 2 refused/)
    const elsewhere = await importOf(path, '--project', 'other')
    expect(elsewhere.stdout).toMatch(/^Resources: 1 created, 0 updated, 1 unchanged, 2 refused/)
  })

  it('lines that only the service knows to be the same resource are reported once', async () => {
    const path = await file('ids.ndjson', [
      image('a', 'v', { project: 'default' }),
      image('a', 'v', { project: test.project }),
      image('b'),
      image('b'),
    ])
    const { stdout } = await importOf('--json', path)
    expect(JSON.parse(stdout)).toMatchObject({ repeated: 2, repeats: [{ line: 2 }, { line: 4 }] })
  })

  it('a line that the service refuses is not counted as repeated as well', async () => {
    const path = await file('refused.ndjson', [image('a', 'b@d'), image('a', 'b@d')])
    const { stdout } = await importOf('--json', path)
    expect(JSON.parse(stdout)).toMatchObject({ refused: 2, repeated: 0, repeats: [] })
  })

  it('at most ten repeated lines are listed', async () => {
    const path = await file('many.ndjson', [...images(30), ...images(30)])
    const { stdout, stderr } = await importOf(path)
    expect(stderr.trim().split('\n')).toHaveLength(11)
    expect(stderr).toContain('20 more lines have a resource of an earlier line; --json lists up to 10,000.')
    expect(stdout).toContain('30 lines have a resource of an earlier line.')
  })
})
