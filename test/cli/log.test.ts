import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, run } from './run.ts'

// tagwerk log and tagwerk blame.

let test: TestService
let atMs = new Date(2026, 0, 31, 12).getTime()
const NOW = new Date(2026, 0, 31, 16).getTime()

const image = (tags: Record<string, string>) => ({
  resource_type: 'images',
  resource_id: 'web',
  resource_name: 'one',
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
})

beforeAll(async () => {
  test = await startTestService({ internals: { clock: () => atMs } })
  await test.register(image({ env: 'dev', tmp: '1' }))
  atMs += 3_600_000
  await test.register({ resource_type: 'ecs', resource_id: 's-1', tags: [{ key: 'env', value: '-1' }] })
  await test.register({ ...image({ env: 'prod' }), resource_detail: { os_version: 'x' } })
  atMs += 3_600_000
  await test.register({ resource_type: 'ecs', resource_id: 'gone', tags: [] })
  await test.call('DELETE', `/tagwerk/v1/${test.project}/resources/ecs/gone`)
})
afterAll(() => test.stop())

const ask = (...argv: string[]): Promise<Ran> => run(argv, { endpoint: test.url, nowMs: NOW })
const revisions = async (...argv: string[]) => {
  const { code, stdout } = await ask('log', '--json', ...argv)
  expect(code).toBe(0)
  return JSON.parse(stdout).changes.map(({ revision }: { revision: number }) => revision)
}

describe('tagwerk log', () => {
  it('shows the changes of a project, newest first, with their ages', async () => {
    const { code, stdout } = await ask('log')
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'REVISION  WHEN                               WHO    TYPE    ID    CHANGE',
        '5         2026-01-31 14:00:00 (2 hours ago)  admin  ecs     gone  deleted',
        '4         2026-01-31 14:00:00 (2 hours ago)  admin  ecs     gone  created',
        '3         2026-01-31 13:00:00 (3 hours ago)  admin  images  web   detail (os_version), env=dev -> prod, -tmp=1',
        '2         2026-01-31 13:00:00 (3 hours ago)  admin  ecs     s-1   created: +env=-1',
        '1         2026-01-31 12:00:00 (4 hours ago)  admin  images  web   created: name "" -> "one", +env=dev, +tmp=1',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [
      ['--type', 'ecs'],
      [5, 4, 2],
    ],
    [
      ['--key', 'env'],
      [3, 2, 1],
    ],
    [
      ['--key', 'tmp', '--type', 'images'],
      [3, 1],
    ],
    [
      ['--actor', 'admin', '--limit', '2'],
      [5, 4],
    ],
    [['--actor', 'nobody'], []],
    [['--cause', 'plan:1'], []],
    [
      ['--since', '3h'],
      [5, 4, 3, 2],
    ],
    [
      ['--since', '2h', '--until', 'now'],
      [5, 4],
    ],
    [
      ['--until', '2026-01-31T13:00'],
      [3, 2, 1],
    ],
    [
      ['--since', 'today'],
      [5, 4, 3, 2, 1],
    ],
    [['--until', 'today'], []],
    [['web'], [3, 1]],
    [
      ['web', '--key', 'tmp'],
      [3, 1],
    ],
    [['web', '--since', '3h'], [3]],
    [['web', '--until', '4h', '--actor', 'admin'], [1]],
    [['web', '--actor', 'nobody'], []],
    [['web', '--cause', 'plan:1'], []],
    [['web', '--limit', '1'], [3]],
    [
      ['gone', '--type', 'ecs'],
      [5, 4],
    ],
  ])('with %j shows the changes %j', async (argv, expected) => {
    expect(await revisions(...argv)).toEqual(expected)
  })

  it('shows the life of a resource without its id in every row', async () => {
    const { stdout } = await ask('log', 'web')
    expect(stdout.split('\n')[0]).toMatch(/^REVISION +WHEN +WHO +CHANGE$/)
  })

  it('says when there is more, and when nothing matches', async () => {
    expect((await ask('log', '--limit', '2')).stderr).toBe('There are more: --limit shows more than 2.\n')
    expect((await ask('log', '--limit', '2', '--csv')).stderr).toBe('There are more: --limit shows more than 2.\n')
    expect((await ask('log', '--limit', '5')).stderr).toBe('')
    expect((await ask('log', '--key', 'none')).stderr).toBe('No change matches.\n')
  })

  it('prints a row for each part of a change as CSV, no cell of which is a formula', async () => {
    const { stdout } = await ask('log', '--csv', '--until', '3h')
    const rows = stdout.replace('\ufeff', '').trim().split('\r\n')
    expect(rows[0]).toBe(
      'revision,at,actor_id,actor_name,request_id,cause,effect,resource_type,resource_id,resource_name,what,key,before,after',
    )
    expect(rows.slice(1).map((row) => row.split(',').slice(6).join(','))).toEqual([
      'updated,images,web,one,detail,os_version,,',
      'updated,images,web,one,tag changed,env,dev,prod',
      'updated,images,web,one,tag removed,tmp,1,',
      "created,ecs,s-1,,tag added,env,,'-1",
      'created,images,web,one,name,,,one',
      'created,images,web,one,tag added,env,,dev',
      'created,images,web,one,tag added,tmp,,1',
    ])
  })

  it.each([
    [['log', 'gone'], 1, 'there is no resource with the id "gone"'],
    [['log', 'none', '--type', 'ecs'], 1, 'resource-not-found'],
    [['log', '--since', 'soon'], 2, '--since must be a time'],
    [['log', '--limit', '0'], 2, '--limit'],
  ])('%j fails with exit code %d and says %s', async (argv, code, message) => {
    const ran = await ask(...argv)
    expect(ran.code).toBe(code)
    expect(ran.stderr).toContain(message)
  })
})

describe('tagwerk blame', () => {
  it('shows who set each tag, when, and from what', async () => {
    expect((await ask('blame', 'web')).stdout).toBe(
      [
        'KEY  VALUE  BEFORE  SET BY  SET AT                             REVISION  CAUSE',
        'env  prod   dev     admin   2026-01-31 13:00:00 (3 hours ago)  3',
        '',
      ].join('\n'),
    )
  })

  it('prints the resource with its tags as JSON, and the tags as CSV', async () => {
    const json = JSON.parse((await ask('blame', 'web', '--json')).stdout)
    expect(json).toMatchObject({
      resource_id: 'web',
      tags: [{ key: 'env', value: 'prod', before: 'dev', revision: 3 }],
    })
    const rows = (await ask('blame', 's-1', '--csv')).stdout.replace('\ufeff', '').split('\r\n')
    expect(rows[0]).toBe('key,value,before,set_by,set_at,revision,cause,request_id')
    expect(rows[1]).toMatch(/^env,'-1,,admin,2026-01-31T\d\d:00:00.000Z,2,,[0-9a-f]{32}$/)
  })

  it('fails for an id that no resource has', async () => {
    expect(await ask('blame', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no resource'),
    })
  })
})
