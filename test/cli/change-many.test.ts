import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, type RunOptions, run, startProxy } from './run.ts'

// tag and untag with conditions: many resources at once, by plans.

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
const ask = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  run(argv, { endpoint: test.url, ...options })
const countOf = async (...argv: string[]) => Number((await ask(['count', '--all-projects', ...argv])).stdout)
const plansOf = async (project: string) =>
  JSON.parse((await ask(['plan', 'list', '--json', '--project', project])).stdout).plans
const idsIn = (text: string): readonly string[] => text.match(/[0-9A-Z]{26}/g) ?? []
const withoutIds = (text: string) => text.replace(/[0-9A-Z]{26}/g, 'ID')

const register = () =>
  test.register(
    line('default', 'images', 'a', { tmp: '1', env: 'test' }),
    line('default', 'ecs', 'b', { tmp: '2' }),
    line('default', 'ecs', 'c', { env: 'prod' }),
    line('second', 'disk', 'd', { tmp: '' }),
  )
beforeEach(async () => {
  await register()
  for (const project of ['default', 'second']) {
    for (const { id } of await plansOf(project)) await ask(['plan', 'delete', id, '--project', project])
  }
})

/** A proxy of the service that does something before the first requests that it lets through. */
const proxyWith = (isMeant: (path: string) => boolean, before: () => Promise<unknown>) =>
  startProxy(test.url, (request, response, body) => {
    if (!isMeant(request.url ?? '')) return false
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    before()
      .then(() =>
        fetch(test.url + request.url, {
          method: request.method as string,
          headers: headers as Record<string, string>,
          body: body.length === 0 ? null : new Uint8Array(body),
        }),
      )
      .then(async (answer) => {
        response.writeHead(answer.status, { 'content-type': 'application/json' })
        response.end(await answer.text())
      })
    return true
  })

describe('untag with conditions', () => {
  it('shows a plan and asks on a terminal, and says how to take the change back', async () => {
    const argv = ['untag', 'tmp', '--tag', 'tmp']
    const no = await ask(argv, { typed: 'no\n' })
    expect({ ...no, stderr: withoutIds(no.stderr) }).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        'Plan ID: 2 of 2 resources would change (1 ecs and 1 image).',
        'KEY  REMOVED  ADDED  CHANGED',
        'tmp  2',
        '  ecs b  tmp=2 -> (none)',
        '  images a  tmp=1 -> (none)',
        'Remove tmp from 2 resources? Type yes: error: cancelled, nothing was changed',
        '',
      ].join('\n'),
    })
    expect([await countOf('--tag', 'tmp'), await plansOf('default')]).toEqual([3, []])
    const yes = await ask(argv, { typed: 'yes\n' })
    expect([yes.code, withoutIds(yes.stdout)]).toEqual([
      0,
      'Removed tmp from 2 resources. To take it back: tagwerk plan undo ID\n',
    ])
    expect(await countOf('--tag', 'tmp')).toBe(1)
    expect((await ask(['plan', 'undo', idsIn(yes.stdout)[0] ?? '', '--yes'])).code).toBe(0)
    expect(await countOf('--tag', 'tmp')).toBe(3)
  })

  it('takes an expression, and removes a tag with one value only', async () => {
    const { code, stdout } = await ask(['untag', 'env=test', '--filter', '"env" in tags', '--yes'])
    expect([code, withoutIds(stdout)]).toEqual([
      0,
      'Removed env=test from 1 resource. To take it back: tagwerk plan undo ID\n',
    ])
    expect([await countOf('--tag', 'env=test'), await countOf('--tag', 'env=prod')]).toEqual([0, 1])
    const both = await ask(['untag', 'tmp', 'env=prod', '--all', '--yes', '--json'])
    expect(JSON.parse(both.stdout)).toMatchObject({ total_count: 3, changed: 3, unchanged: 0 })
    expect([await countOf('--tag', 'tmp'), await countOf('--tag', 'env')]).toEqual([1, 0])
  })

  it('needs --yes without a terminal, and keeps the plan to be applied', async () => {
    const { code, stdout, stderr } = await ask(['untag', 'tmp', '--tag', 'tmp'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const [{ id }] = await plansOf('default')
    expect(stderr).toContain(
      `error: nothing was changed: apply the plan with "tagwerk plan apply ${id} --yes", or add --yes to change at once\n`,
    )
    expect((await ask(['plan', 'apply', id, '--yes'])).code).toBe(0)
    expect(await countOf('--tag', 'tmp')).toBe(1)
    const none = await ask(['untag', 'tmp', '--tag', 'tmp', '--yes'])
    expect([none.code, none.stdout]).toEqual([0, 'Nothing was changed.\n'])
    expect(await plansOf('default')).toHaveLength(1)
  })

  it('makes a plan for each project of all projects', async () => {
    const argv = ['untag', 'tmp', '--tag', 'tmp', '--all-projects']
    const asked = await ask(argv)
    expect(asked.code).toBe(2)
    expect(withoutIds(asked.stderr)).toMatch(/^Project default:\nPlan ID: 2 of 2 .*\nProject second:\nPlan ID: 1 of 1/s)
    const [first, second] = [await plansOf('default'), await plansOf('second')].map(([plan]) => plan.id)
    expect(asked.stderr).toContain(
      `error: nothing was changed: apply the plans with\n  tagwerk plan apply ${first} --project default --yes\n` +
        `  tagwerk plan apply ${second} --project second --yes\n, or add --yes`,
    )
    const { code, stdout } = await ask([...argv, '--yes'])
    expect([code, withoutIds(stdout)]).toEqual([
      0,
      'Removed tmp from 3 resources. To take it back:\n  tagwerk plan undo ID --project default\n' +
        '  tagwerk plan undo ID --project second\n',
    ])
    expect(await countOf('--tag', 'tmp')).toBe(0)
  })

  it('removes the empty value only where that is meant', async () => {
    const { stdout } = await ask(['untag', 'tmp=', '--all', '--all-projects', '--yes'])
    expect(stdout).toMatch(/^Removed tmp= from 1 resource\. To take it back: tagwerk plan undo \S+ --project second\n$/)
    expect(await countOf('--tag', 'tmp')).toBe(2)
    expect(await plansOf('default')).toEqual([])
  })

  it('--dry-run lists the resources as a table, as JSON and as CSV, and leaves no plan', async () => {
    const argv = ['untag', 'tmp', '--tag', 'tmp', '--all-projects', '--dry-run']
    const table = await ask(argv)
    expect(table.code).toBe(0)
    expect(table.stdout.split('\n').map((row) => row.split(/ {2,}/))).toEqual([
      ['PROJECT', 'RESOURCE TYPE', 'RESOURCE ID', 'STATE', 'REASON', 'KEY', 'BEFORE', 'AFTER'],
      ['default', 'ecs', 'b', 'change', 'tmp', '2'],
      ['default', 'images', 'a', 'change', 'tmp', '1'],
      ['second', 'disk', 'd', 'change', 'tmp', '(empty)'],
      [''],
    ])
    expect(withoutIds(table.stderr)).toBe(
      'default: Plan ID: 2 of 2 resources would change (1 ecs and 1 image).\n' +
        'second: Plan ID: 1 of 1 resource would change (1 disk).\nNothing was changed.\n',
    )
    const json = JSON.parse((await ask([...argv, '--json'])).stdout)
    expect(json).toMatchObject({ dry_run: true, total_count: 3, changed: 3, unchanged: 0, refused: 0 })
    expect(json.projects).toMatchObject([
      { project_name: 'default', summary: { changes: 2 }, items: [{ resource_id: 'b' }, { resource_id: 'a' }] },
      { project_name: 'second', summary: { changes: 1 }, items: [{ resource_id: 'd' }] },
    ])
    expect(parse((await ask([...argv, '--csv'])).stdout, { bom: true })[1]).toEqual([
      ...['default', 'ecs', 'b', 'change', '', 'tmp', '2', ''],
    ])
    expect([await countOf('--tag', 'tmp'), await plansOf('default'), await plansOf('second')]).toEqual([3, [], []])
  })

  it('--dry-run says how many more resources would change than are listed', async () => {
    await test.register(...Array.from({ length: 1003 }, (_, i) => line('many', 'evs', `e${i}`, { tmp: '' })))
    const { stdout, stderr } = await ask(['untag', 'tmp', '--all', '--project', 'many', '--dry-run'])
    expect(stdout.trimEnd().split('\n')).toHaveLength(1001)
    expect(stderr).toMatch(/\n3 more; the first 1,000 of each project are listed\.\nNothing was changed\.\n$/)
    const done = await ask(['untag', 'tmp', '--all', '--project', 'many', '--yes'])
    expect([done.code, withoutIds(done.stdout)]).toEqual([
      0,
      'Removed tmp from 1,003 resources. To take it back: tagwerk plan undo ID\n',
    ])
  })
})

describe('tag with conditions', () => {
  it('sets tags on resources of some types, and reports as JSON and as CSV', async () => {
    const argv = ['tag', 'owner=ann', 'team=', '--not-any', 'owner', '--type', 'ecs,images', '--yes']
    const { code, stdout, stderr } = await ask([...argv, '--json'])
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      dry_run: false,
      total_count: 3,
      changed: 3,
      unchanged: 0,
      projects: [{ state: 'applied', applied: { changed: 3 } }],
    })
    expect(await countOf('--tag', 'owner=ann', '--tag', 'team=')).toBe(3)
    const again = await ask(['tag', 'owner=ann', '--all', '--all-projects', '--type', 'ecs', '--yes', '--csv'])
    expect(parse(again.stdout, { bom: true })).toEqual([
      ['project', 'matched', 'changed', 'unchanged', 'refused', 'conflicts', 'plan'],
      ['default', '2', '0', '2', '0', '0', expect.stringMatching(/^[0-9A-Z]{26}$/)],
    ])
  })

  it('changes nothing when one resource would have too many tags, and the others on demand', async () => {
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, 'v']))
    await test.register(line('default', 'images', 'full', many))
    const { code, stdout, stderr } = await ask(['tag', 'more=1', '--all', '--yes'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      'error: 1 resource cannot be changed: images full (would have too many tags); nothing was changed. To change the ' +
        'others, add --skip-refused\n',
    )
    expect((await ask(['tag', 'more=1', '--all', '--dry-run'])).code).toBe(3)
    expect([await countOf('--tag', 'more'), await plansOf('default')]).toEqual([0, []])
    const others = await ask(['tag', 'more=1', '--all', '--skip-refused', '--yes'])
    expect(others.code).toBe(3)
    expect(others.stdout).toMatch(/^Set more=1 on 3 resources\./)
    await test.call('DELETE', `/tagwerk/v1/${test.project}/resources/images/full`)
  })

  it('changes nothing when a tag was changed since the plan was made, and the others on demand', async () => {
    const late = await proxyWith(
      (path) => path.endsWith('/apply'),
      () => test.register(line('default', 'ecs', 'b', { tmp: 'late', other: '1' })),
    )
    const argv = ['tag', 'tmp=9', '--tag', 'tmp', '--yes']
    const { code, stdout, stderr } = await ask(argv, { endpoint: late.url })
    expect([code, stdout]).toEqual([3, 'Nothing was changed.\n'])
    expect(withoutIds(stderr)).toContain(
      '  ecs b  tmp is "late" now\nerror: 1 resource changed since the plan was made; nothing was changed. Make a new plan',
    )
    expect(await countOf('--tag', 'tmp=9')).toBe(0)
    await register()
    const others = await ask([...argv, '--skip-conflicts'], { endpoint: late.url })
    await late.stop()
    expect([others.code, withoutIds(others.stdout)]).toEqual([
      3,
      'Set tmp=9 on 1 resource. To take it back: tagwerk plan undo ID\n',
    ])
    expect(others.stderr).toMatch(/\nwarning: left alone, because of changes meanwhile: 1 resource\.\n$/)
    expect(await countOf('--tag', 'tmp=9')).toBe(1)
  })

  it('in all projects ends with the first project that has a conflict, and names those that were not changed', async () => {
    const late = await proxyWith(
      (path) => path.endsWith('/apply'),
      () => test.register(line('default', 'ecs', 'b', { tmp: 'late' })),
    )
    const argv = ['tag', 'tmp=9', '--tag', 'tmp', '--all-projects', '--yes', '--json']
    const { code, stdout, stderr } = await ask(argv, { endpoint: late.url })
    await late.stop()
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({
      changed: 0,
      projects: [
        { project_name: 'default', state: 'planned' },
        { project_name: 'second', state: 'planned' },
      ],
    })
    expect(withoutIds(stderr)).toMatch(
      /error: project default: 1 resource changed .* plan apply ID --project default --skip-conflicts\nwarning: projects that were not changed: second\.\n$/,
    )
    expect([await countOf('--tag', 'tmp=9'), await plansOf('second')]).toEqual([0, []])
  })

  it('says what was changed before a project whose plan cannot be applied, and how to go on', async () => {
    let applied = 0
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.endsWith('/apply') || applied++ === 0) return false
      response.writeHead(503, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error_code: 'unavailable', error_msg: 'The store is away.' }))
      return true
    })
    const argv = ['tag', 'tmp=8', '--tag', 'tmp', '--all-projects', '--yes']
    const { code, stdout, stderr } = await ask(argv, { endpoint: proxy.url })
    await proxy.stop()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const [{ id }] = await plansOf('second')
    expect(stderr).toMatch(/error: project second: .*503.*; the projects before it were changed: default\. To go on:\n/)
    expect(stderr).toContain(`\n  tagwerk plan apply ${id} --project second\n`)
    expect((await ask(['plan', 'apply', id, '--project', 'second', '--yes'])).code).toBe(0)
    expect(await countOf('--tag', 'tmp=8')).toBe(3)
  })

  it('changes nothing when the plan of one project cannot be made', async () => {
    let made = 0
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.endsWith('/plans') || request.method !== 'POST' || made++ === 0) return false
      response.writeHead(409, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error_code: 'plan-limit-reached', error_msg: 'Too many plans.' }))
      return true
    })
    const argv = ['tag', 'tmp=8', '--tag', 'tmp', '--all-projects', '--yes']
    const { code, stderr } = await ask(argv, { endpoint: proxy.url })
    await proxy.stop()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: project second: .*Too many plans.*; nothing was changed\n$/)
    expect([await countOf('--tag', 'tmp=8'), await plansOf('default')]).toEqual([0, []])
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
