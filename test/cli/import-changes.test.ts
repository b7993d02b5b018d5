import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run } from './run.ts'

// What an import changes: only tags, tags that are left out, and the changes that a dry run prints.

let test: TestService
beforeAll(async () => {
  test = await startTestService()
  const named = { resource_name: 'named', resource_detail: { port: 1 }, tags: { env: 'test', tmp: '1' } }
  const stdin = ['a', 'b', 'c'].map((id) => JSON.stringify({ ...line(id), ...named })).join('\n')
  expect((await run(['import', '-'], { endpoint: test.url, stdin })).code).toBe(0)
})
afterAll(() => test.stop())

const line = (id: string) => ({ resource_type: 'images', resource_id: id })
const importOf = (stdin: string, ...options: string[]) =>
  run(['import', '-', ...options], { endpoint: test.url, stdin })

describe('a dry run', () => {
  const CSV = 'type,id,name,tag:env,tag:team\nimages,a,named,prod,\nimages,new,=x,,web\nimages,b,,test,\n'

  it('prints each change as a line of text, with the line of the file', async () => {
    const { stdout, stderr } = await importOf(CSV, '--dry-run')
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      '-:2: updated images a: detail (port), env=test -> prod, -tmp=1',
      '-:3: created images new: name "" -> "=x", +team=web',
      '-:4: updated images b: name "named" -> "", detail (port), -tmp=1',
      'Dry run, nothing was changed. Resources: 1 created, 2 updated, 0 unchanged, 0 refused.',
    ])
    expect(stdout).toContain('Removed from resources that stay: 1 names, 2 details, 2 tags.')
    expect(stderr).toBe('')
  })

  it('prints each change as a line of JSON, and the report as the last one', async () => {
    const lines = (await importOf(CSV, '--dry-run', '--json')).stdout.trim().split('\n')
    const [first, , , report] = lines.map((each) => JSON.parse(each))
    expect(lines).toHaveLength(4)
    expect(first).toMatchObject({
      file: '-',
      line: 2,
      effect: 'updated',
      resource_id: 'a',
      tags_removed: [{ key: 'tmp' }],
    })
    expect(report).toMatchObject({ dry_run: true, created: 1, updated: 2, changes_total: 3 })
  })

  it('prints the parts of each change as rows of CSV, and nothing else on standard output', async () => {
    const { stdout, stderr } = await importOf(CSV, '--dry-run', '--csv')
    expect(stdout.split('\r\n')).toEqual([
      '\ufefffile,line,effect,project,resource_type,resource_id,what,key,before,after',
      "'-,2,updated,,images,a,detail,port,,",
      "'-,2,updated,,images,a,tag changed,env,test,prod",
      "'-,2,updated,,images,a,tag removed,tmp,1,",
      "'-,3,created,,images,new,name,,,'=x",
      "'-,3,created,,images,new,tag added,team,,web",
      "'-,4,updated,,images,b,name,,named,",
      "'-,4,updated,,images,b,detail,port,,",
      "'-,4,updated,,images,b,tag removed,tmp,1,",
      '',
    ])
    expect(stderr).toContain('Resources: 1 created, 2 updated')
  })

  it('prints a page of the changes over several parts, and how to see the next', async () => {
    const stdin = Array.from({ length: 2500 }, (_, i) => JSON.stringify(line(`page-${i}`))).join('\n')
    const page = async (...options: string[]) => {
      const { stdout, stderr } = await importOf(stdin, '--dry-run', ...options)
      return [stdout.match(/page-\d+/g)?.map((id) => Number(id.slice(5))) ?? [], stderr] as const
    }
    const [first, more] = await page()
    expect([first.length, first[999], more]).toEqual([
      1000,
      999,
      '1,500 more changes: --offset 1000 shows the next, and --all shows all.\n',
    ])
    expect(await page('--offset', '1999', '--limit', '2')).toEqual([
      [1999, 2000],
      '499 more changes: --offset 2001 shows the next, and --all shows all.\n',
    ])
    expect((await page('--all'))[0]).toHaveLength(2500)
    expect(await page('--limit', '0')).toEqual([[], ''])
  })

  it('alone takes the options about changes', async () => {
    for (const option of [['--csv'], ['--all'], ['--offset', '1']]) {
      const { code, stderr } = await importOf('', ...option)
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('add --dry-run') })
    }
  })
})

describe('an import of tags', () => {
  it('--tags-only merge keeps what the file does not have, and names resources that do not exist', async () => {
    const csv = 'type,id,tag:env,tag:team\nimages,c,prod,\nimages,absent,prod,web\n'
    const { code, stdout, stderr } = await importOf(csv, '--tags-only', 'merge')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Resources: 0 created, 1 updated, 0 unchanged, 1 refused\./)
    expect(stderr).toContain('-:3: resource_id: must be the id of a resource that exists')
    const { stdout: exported } = await run(['export', '--id', 'c'], { endpoint: test.url })
    expect(JSON.parse(exported)).toMatchObject({
      resource_name: 'named',
      tags: [
        { key: 'env', value: 'prod' },
        { key: 'tmp', value: '1' },
      ],
    })
  })

  it('--bad-tags drop leaves out tags that break a rule and lists them with their lines', async () => {
    const csv = 'type,id,tag:env,tag:cost center\nimages,d,prod,7\nimages,e,,8\n'
    const { code, stdout, stderr } = await importOf(csv, '--bad-tags', 'drop')
    expect(code).toBe(0)
    expect(stdout).toContain('Tags left out: 2.')
    expect(stderr.match(/^warning: -:\d+: left out the tag cost center=\d/gm)).toEqual([
      'warning: -:2: left out the tag cost center=7',
      'warning: -:3: left out the tag cost center=8',
    ])
    const json = await importOf(csv, '--bad-tags', 'drop', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ dropped_tags: 2, dropped: [{ file: '-', line: 2 }, { line: 3 }] })
  })
})
