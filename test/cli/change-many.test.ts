import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, type RunOptions, run, startProxy } from './run.ts'

// tag and untag with conditions: many resources at once.

let test: TestService
beforeAll(async () => {
  test = await startTestService()
})
afterAll(() => test.stop())

const line = (project: string, type: string, id: string, tags: Record<string, string>) => ({
  project,
  resource_type: type,
  resource_id: id,
  resource_name: `name of ${id}`,
  tags,
})
beforeEach(() =>
  test.register(
    line('default', 'images', 'a', { tmp: '1', env: 'test' }),
    line('default', 'ecs', 'b', { tmp: '2' }),
    line('default', 'ecs', 'c', { env: 'prod' }),
    line('second', 'disk', 'd', { tmp: '' }),
  ),
)

const ask = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  run(argv, { endpoint: test.url, ...options })
const countOf = async (...argv: string[]) => Number((await ask(['count', '--all-projects', ...argv])).stdout)

describe('untag with conditions', () => {
  it('shows what matches and asks on a terminal, and changes nothing unless the answer is yes', async () => {
    const argv = ['untag', 'tmp', '--tag', 'tmp']
    const no = await ask(argv, { typed: 'no\n' })
    expect(no).toEqual({
      code: 2,
      stdout: '',
      stderr:
        '  default  ecs  b  name of b\n  default  images  a  name of a\n' +
        '2 resources match (1 ecs and 1 image): 2 resources would change.\n' +
        'Remove tmp from 2 resources? Type yes: error: cancelled, nothing was changed\n',
    })
    expect(await countOf('--tag', 'tmp')).toBe(3)
    const yes = await ask(argv, { typed: 'yes\n' })
    expect([yes.code, yes.stdout]).toEqual([0, 'Removed tmp from 2 resources.\n'])
    expect(await countOf('--tag', 'tmp')).toBe(1)
  })

  it('needs --yes without a terminal', async () => {
    const { code, stdout, stderr } = await ask(['untag', 'tmp', '--tag', 'tmp'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      'error: 2 resources match (1 ecs and 1 image): 2 resources would change. Nothing is changed: add --yes to change them\n',
    )
    expect(await ask(['untag', 'tmp', '--tag', 'tmp', '--yes'])).toMatchObject({ code: 0, stderr: '' })
    expect(await ask(['untag', 'tmp', '--tag', 'tmp', '--yes'])).toMatchObject({
      code: 0,
      stdout: 'Removed tmp from 0 resources.\n',
    })
  })

  it('works in all projects, and removes exact tags only', async () => {
    const { stdout } = await ask(['untag', 'tmp=', '--all', '--all-projects', '--yes'])
    expect(stdout).toBe('Removed tmp= from 1 resource.\n')
    expect(await countOf('--tag', 'tmp')).toBe(2)
    await ask(['untag', 'tmp', '--tag', 'tmp', '--all-projects', '--yes'])
    expect(await countOf('--tag', 'tmp')).toBe(0)
  })

  it('--dry-run lists the resources as a table, as JSON and as CSV', async () => {
    const argv = ['untag', 'tmp', '--tag', 'tmp', '--all-projects', '--dry-run']
    const table = await ask(argv)
    expect(table.stdout.split('\n').map((row) => row.split(/ {2,}/))).toEqual([
      ['PROJECT', 'TYPE', 'ID', 'NAME'],
      ['default', 'ecs', 'b', 'name of b'],
      ['default', 'images', 'a', 'name of a'],
      ['second', 'disk', 'd', 'name of d'],
      [''],
    ])
    expect(table.stderr).toMatch(
      /^3 resources in 2 projects match .*: 3 resources would change\. Nothing was changed\.\n$/,
    )
    const json = JSON.parse((await ask([...argv, '--json'])).stdout)
    expect(json).toMatchObject({ dry_run: true, total_count: 3, changed: 3, unchanged: 0, refused: 0 })
    expect(json.projects.map(({ project_name }: { project_name: string }) => project_name)).toEqual([
      'default',
      'second',
    ])
    expect(parse((await ask([...argv, '--csv'])).stdout, { bom: true })[1]).toEqual([
      'default',
      'ecs',
      'b',
      'name of b',
    ])
    expect(await countOf('--tag', 'tmp')).toBe(3)
  })

  it('--dry-run says how many more resources would change than are listed', async () => {
    await test.register(...Array.from({ length: 1003 }, (_, i) => line('many', 'evs', `e${i}`, { tmp: '' })))
    const { stdout, stderr } = await ask(['untag', 'tmp', '--all', '--project', 'many', '--dry-run'])
    expect(stdout.trimEnd().split('\n')).toHaveLength(1001)
    expect(stderr).toMatch(/\n3 more would change; the first 1,000 of each project are shown\.\n$/)
    const done = await ask(['untag', 'tmp', '--all', '--project', 'many', '--yes'])
    expect(done).toEqual({ code: 0, stdout: 'Removed tmp from 1,003 resources.\n', stderr: '' })
  })
})

describe('tag with conditions', () => {
  it('sets tags on resources of some types, and reports as JSON and as CSV', async () => {
    const argv = ['tag', 'owner=ann', 'team=', '--not-any', 'owner', '--type', 'ecs,images', '--yes']
    const { code, stdout } = await ask([...argv, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ dry_run: false, total_count: 3, changed: 3, unchanged: 0 })
    expect(await countOf('--tag', 'owner=ann', '--tag', 'team=')).toBe(3)
    const again = await ask(['tag', 'owner=ann', '--all', '--yes', '--csv'])
    expect(parse(again.stdout, { bom: true })).toEqual([
      ['project', 'matched', 'changed', 'unchanged'],
      ['default', '3', '0', '3'],
    ])
  })

  it('changes nothing when one resource would have too many tags', async () => {
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, 'v']))
    await test.register(line('default', 'images', 'full', many))
    const { code, stdout, stderr } = await ask(['tag', 'more=1', '--all', '--yes'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe('error: 1 resource cannot be changed (tag-quota-exceeded): images full; nothing was changed\n')
    expect((await ask(['tag', 'more=1', '--all', '--dry-run'])).code).toBe(3)
    expect(await countOf('--tag', 'more')).toBe(0)
    await test.call('DELETE', `/tagwerk/v1/${test.project}/resources/images/full`)
  })

  it('changes nothing when other resources match after the preview', async () => {
    let previews = 0
    const late = await startProxy(test.url, (request, response, body) => {
      if (!request.url?.endsWith('/resources/tags') || body.toString().includes('dry_run') || previews++ > 0)
        return false
      // Another writer comes between the preview and the change.
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
      test
        .register(line('default', 'ecs', 'late', { tmp: '9' }))
        .then(() =>
          fetch(test.url + request.url, {
            method: 'POST',
            headers: headers as Record<string, string>,
            body: new Uint8Array(body),
          }),
        )
        .then(async (answer) => {
          response.writeHead(answer.status, { 'content-type': 'application/json' })
          response.end(await answer.text())
        })
      return true
    })
    const { code, stderr } = await ask(['untag', 'tmp', '--tag', 'tmp', '--yes'], { endpoint: late.url })
    await late.stop()
    expect(code).toBe(1)
    expect(stderr).toMatch(/412 precondition-failed: .*nothing was changed.*Run the command again/)
    expect(await countOf('--tag', 'tmp')).toBe(4)
    await test.call('DELETE', `/tagwerk/v1/${test.project}/resources/ecs/late`)
  })

  it('exits with 3 when a later batch is refused, and says how many were changed', async () => {
    const report = {
      dry_run: false,
      total_count: 900,
      counts: { ecs: 900 },
      unchanged: 0,
      refused: 0,
      resources: [],
      refusals: [],
    }
    const proxy = await startProxy(test.url, (request, response, body) => {
      if (!request.url?.endsWith('/resources/tags')) return false
      const isPreview = body.toString().includes('dry_run')
      const batches = [
        { resources: 500, changed: 500, unchanged: 0 },
        { resources: 400, changed: 0, unchanged: 0, error_code: 'tag-quota-exceeded', error_msg: 'Too many tags.' },
      ]
      response.writeHead(200, { 'content-type': 'application/json', 'x-tagwerk-revision': '7' })
      response.end(JSON.stringify({ ...report, changed: isPreview ? 900 : 500, batches: isPreview ? [] : batches }))
      return true
    })
    const { code, stdout, stderr } = await ask(['tag', 'a=1', '--all', '--yes'], { endpoint: proxy.url })
    await proxy.stop()
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'Set a=1 on 500 resources.\n' })
    expect(stderr).toBe(
      'warning: project default: Too many tags. 500 resources were changed before it; run the command again for the rest.\n',
    )
  })

  it.each([
    [['tag', 'a', 'env=prod', '--tag', 'tmp'], /write a= for the empty value: with conditions, no id is given/],
    [
      ['tag', '--tag', 'tmp'],
      /missing required argument: tag ID KEY=VALUE\.\.\., or tag KEY=VALUE\.\.\. with conditions/,
    ],
    [['untag', '--all'], /missing required argument: untag ID KEY/],
  ])('%j is refused before anything is sent', async (argv, message) => {
    const { code, stderr } = await ask(argv, { endpoint: 'http://127.0.0.1:1' })
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
  })
})
