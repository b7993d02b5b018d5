import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type RunOptions, run, startProxy } from './run.ts'

// tagwerk import --replace: projects and types become what the files say.

let test: TestService
let folder: string
let number = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-import-replace-'))
  test = await startTestService()
})
afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})
// Each test has a project of its own.
beforeEach(() => {
  number++
})

const project = () => `p${number}`
const line = (id: string, value = 'v') =>
  JSON.stringify({ resource_type: 'images', resource_id: id, tags: { k: value } })
const lines = (count: number) => Array.from({ length: count }, (_, i) => line(`i${i}`))
const of = (argv: readonly string[], options: RunOptions = {}) =>
  run([...argv, '--project', project()], { endpoint: test.url, ...options })

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function idsHere(): Promise<string[]> {
  const { stdout } = await of(['export'])
  return stdout
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => JSON.parse(each).resource_id)
}

/** Fills the project with 20 images, and gives a file that has all but two of them, and a new one. */
async function started(...more: string[]): Promise<string> {
  await of(['import', '-'], { stdin: lines(20).join('\n') })
  return file(`${project()}.ndjson`, [...lines(18), line('new'), ...more].join('\n'))
}

const WITHOUT_TWO = [...Array.from({ length: 18 }, (_, i) => `i${i}`), 'new']

describe('tagwerk import --replace', () => {
  it('shows what it would delete, asks, and deletes after a yes', async () => {
    const path = await started()
    const { code, stdout, stderr } = await of(['import', '--replace', path], { isTerminal: true, typed: 'y\n' })
    expect(code).toBe(0)
    expect(stderr).toContain(
      `Dry run, nothing was changed. Resources: 1 created, 0 updated, 18 unchanged, 0 refused.\nTo be deleted: 2 of 20 images.\nImport, and delete 2 resources? [y/N] `,
    )
    expect(stdout).toMatch(/^Resources: 1 created, 0 updated, 18 unchanged, 0 refused\.\nDeleted: 2 of 20 images\.\n/)
    expect(await idsHere()).toEqual(WITHOUT_TWO)
  })

  it('changes nothing after any other answer', async () => {
    const path = await started()
    for (const typed of ['n\n', '\n']) {
      const { code, stderr } = await of(['import', '--replace', path], { isTerminal: true, typed })
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('cancelled, nothing was changed'),
      })
    }
    expect(await idsHere()).toHaveLength(20)
  })

  it('does not ask if nothing is absent', async () => {
    await started()
    const path = await file('all.ndjson', lines(21).join('\n'))
    const { code, stdout } = await of(['import', '--replace', path], { isTerminal: true, typed: '' })
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing is absent from the files.'),
    })
    expect(await idsHere()).toHaveLength(21)
  })

  it('needs --yes without a terminal, and for standard input', async () => {
    const path = await started()
    for (const [argv, words] of [
      [[path], 'asks before it deletes'],
      [['-'], 'reads its files twice'],
    ] as const) {
      const { code, stderr } = await of(['import', '--replace', ...argv])
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(words) })
    }
    expect((await of(['import', '--replace', '--yes', path])).code).toBe(0)
    expect(await idsHere()).toEqual(WITHOUT_TWO)
    const piped = await of(['import', '--replace', '--yes', '-'], { stdin: [...lines(18)].join('\n') })
    expect(piped.stdout).toContain('Deleted: 1 of 19 images.')
  })

  it('imports nothing if too many resources would be deleted, unless more are allowed', async () => {
    await started()
    const path = await file('few.ndjson', [...lines(16), line('new')].join('\n'))
    const { code, stdout } = await of(['import', '--replace', '--yes', path])
    expect(code).toBe(3)
    expect(stdout).toMatch(
      /^Resources: 0 created, 0 updated, 0 unchanged, 0 refused\.\nNothing was deleted, because too many would be: 4 of 20 images\. Allow more with --max-delete-percent\.\n/,
    )
    expect(await idsHere()).toHaveLength(20)
    const more = await of(['import', '--replace', '--yes', '--max-delete-percent', '20', '--json', path])
    expect(JSON.parse(more.stdout)).toMatchObject({ created: 1, replaced: { deleted: 4 } })
    expect(await idsHere()).toHaveLength(17)
  })

  it('deletes nothing if a line is refused, also a row of CSV that the program refuses', async () => {
    const path = await started(line('bad', 'not allowed!'))
    const { code, stdout, stderr } = await of(['import', '--replace', '--yes', path])
    expect(code).toBe(3)
    expect(stderr).toContain(`${path}:20: tags[0].value`)
    expect(stdout).toContain('Nothing was deleted, because lines were refused.')
    const csv = await file('rows.csv', `type,id\n${WITHOUT_TWO.map((id) => `images,${id}`).join('\n')}\nimages,i18,x\n`)
    const rows = await of(['import', '--replace', '--yes', csv])
    expect(rows.code).toBe(1)
    expect(rows.stderr).toContain(`${csv}:21: the row has 3 cells`)
    expect(rows.stderr).toContain('Nothing was imported.')
    expect(await idsHere()).toHaveLength(20)
  })

  it('deletes nothing if a file breaks off, and says which lines may be imported', async () => {
    await started()
    const items = [line('new'), ...lines(18)].join(',\n')
    const path = await file('broken.json', `[${items},\n`)
    const broken = await of(['import', '--replace', '--yes', path])
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('the JSON array has no end') })
    const piped = await of(['import', '--replace', '--yes', '-'], { stdin: `[${items},\n` })
    expect(piped.code).toBe(1)
    expect(piped.stderr).toContain('Lines 1 to 19 were sent without an answer')
    expect(await idsHere()).toEqual(expect.arrayContaining(['i18', 'i19']))
  })

  it('takes several files as one, and names the lines of each', async () => {
    await started()
    const first = await file('first.csv', `type,id,tag:k\n${WITHOUT_TWO.map((id) => `images,${id},v`).join('\n')}`)
    const second = await file('second.json', `[${line('i18')},\n${line('i19', '!')}]`)
    const { stderr } = await of(['import', '--replace', '--yes', first, second])
    expect(stderr).toContain(`${second}:2: item 2: tags[0].value`)
    const good = await file('good.json', `[${line('i18')}]`)
    expect((await of(['import', '--replace', '--yes', first, good])).stdout).toContain('Deleted: 1 of 20 images.')
  })

  it('--dry-run names what would be deleted and changes nothing', async () => {
    const path = await started()
    const { code, stdout } = await of(['import', '--replace', '--dry-run', path])
    expect(code).toBe(0)
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      `${path}:19: created images new: +k=v`,
      'deleted images i18: -k=v',
      'deleted images i19: -k=v',
      'Dry run, nothing was changed. Resources: 1 created, 0 updated, 18 unchanged, 0 refused.',
      'To be deleted: 2 of 20 images.',
    ])
    const rows = await of(['import', '--replace', '--dry-run', '--csv', path])
    expect(rows.stdout).toContain(',,deleted,,images,i18,tag removed,k,v,\r\n')
    const page = await of(['import', '--replace', '--dry-run', '--offset', '1', '--limit', '1', path])
    expect(page.stdout).toMatch(/^deleted images i18: -k=v\nDry run/)
    expect(page.stderr).toContain('1 more changes: --offset 2 shows the next')
    expect(await idsHere()).toHaveLength(20)
  })

  it('a connection that breaks leaves all resources', async () => {
    const path = await started()
    const proxy = await startProxy(test.url, (request) => {
      if (!request.url?.includes('replace=true') || request.url.includes('dry_run')) return false
      request.socket.destroy()
      return true
    })
    const { code, stderr } = await of(['import', '--replace', '--yes', path], { endpoint: proxy.url })
    await proxy.stop()
    expect(code).toBe(1)
    expect(stderr).toContain('were sent without an answer, so some of them may be imported')
    expect(await idsHere()).toEqual(expect.arrayContaining(['i18', 'i19']))
  })

  it('goes with some options and not with others', async () => {
    for (const [argv, words] of [
      [['--yes'], 'add --replace'],
      [['--max-delete-percent', '5'], 'add --replace'],
      [['--replace', '--tags-only', 'merge'], '--tags-only'],
      [['--replace', '--dry-run', '--all'], 'use --offset instead'],
      [['--replace', '--max-delete-percent', '101'], 'max-delete-percent'],
    ] as const) {
      const { code, stderr } = await of(['import', '-', ...argv])
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(words) })
    }
  })
})
