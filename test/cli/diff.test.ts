import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, run, startProxy } from './run.ts'

// tagwerk diff.

let test: TestService
let atMs = new Date(2026, 0, 30, 18).getTime()
const NOW = new Date(2026, 0, 31, 16).getTime()

const resource = (id: string, name: string, tags: Record<string, string>, type = 'images') => ({
  resource_type: type,
  resource_id: id,
  resource_name: name,
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
})

beforeAll(async () => {
  test = await startTestService({ internals: { clock: () => atMs } })
  await test.register(resource('a', 'one', { env: 'dev', tmp: '1' }), resource('b', '', { env: 'dev' }))
  atMs = new Date(2026, 0, 31, 15).getTime()
  await test.register(resource('a', 'uno', { env: '-prod' }), resource('c', 'three', { env: 'prod' }, 'ecs'))
  await test.call('DELETE', `/tagwerk/v1/${test.project}/resources/images/b`)
})
afterAll(() => test.stop())

const ask = (...argv: string[]): Promise<Ran> => run(['diff', ...argv], { endpoint: test.url, nowMs: NOW })
const ids = async (...argv: string[]) => {
  const { code, stdout } = await ask(...argv)
  expect(code).toBe(0)
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : `${line[0]}${line.split(' ')[2]?.replace(':', '')}`))
}

describe('tagwerk diff', () => {
  it('prints a line for each resource that differs, and a summary on standard error', async () => {
    const { code, stdout, stderr } = await ask('--from', 'today')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: '3 resources differ: 1 entered, 1 left, 1 changed; 3 changes by 1 user between revisions 2 and 5.\n',
    })
    expect(stdout).toBe(
      [
        '~ images a "uno": name "one" -> "uno", env=dev -> -prod, -tmp=1 (1 change by admin)',
        '+ ecs c "three": +env=prod (1 change by admin)',
        '- images b: -env=dev (1 change by admin)',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [
      ['--from', 'yesterday', '--to', 'now'],
      ['+a', '+c'],
    ],
    [
      ['--from', 'yesterday', '--to', 'today'],
      ['+a', '+b'],
    ],
    [
      ['--from', '2h'],
      ['~a', '+c', '-b'],
    ],
    [['--from', '30m'], []],
    [
      ['--from', '2', '--to', '4'],
      ['~a', '+c'],
    ],
    [
      ['--from', '4', '--to', '2'],
      ['~a', '-c'],
    ],
    [['--from', '2', '--type', 'ecs'], ['+c']],
    [
      ['--from', '2', '--tag', 'env=dev'],
      ['-a', '-b'],
    ],
    [['--from', '2', '--key', 'tmp'], ['~a']],
    [['--from', '2', '--not-any', 'tmp', '--name', 'uno'], ['+a']],
  ])('with %j shows %j', async (argv, expected) => {
    expect(await ids(...argv)).toEqual(expected)
  })

  it('prints numbers by key with --summary', async () => {
    const { stdout, stderr } = await ask('--from', '2', '--summary')
    expect(stdout).toBe(
      ['KEY  ADDED  CHANGED  REMOVED', 'env  1      1        1', 'tmp  0      0        1', ''].join('\n'),
    )
    expect(stderr).toMatch(/^3 resources differ/)
    const json = JSON.parse((await ask('--from', '2', '--summary', '--json')).stdout)
    expect(json).toMatchObject({ from: 2, to: 5, resources: 3, keys: [{ key: 'env', added: 1 }, { key: 'tmp' }] })
    expect((await ask('--from', '5')).stderr).toBe('0 resources differ; 0 changes between revisions 5 and 5.\n')
  })

  it('prints one JSON object with --json', async () => {
    const { differences, summary } = JSON.parse((await ask('--from', '2', '--json')).stdout)
    expect(differences.map(({ movement }: { movement: string }) => movement)).toEqual(['changed', 'entered', 'left'])
    expect(summary).toMatchObject({ from: 2, to: 5, resources: 3 })
    expect(JSON.parse((await ask('--from', '5', '--json')).stdout).differences).toEqual([])
  })

  it('prints a row for each difference with --csv', async () => {
    const { stdout } = await ask('--from', '2', '--csv', '--type', 'images')
    expect(stdout.replace('\ufeff', '').trim().split('\r\n')).toEqual([
      'resource_type,resource_id,resource_name,movement,what,key,before,after,changes,actors',
      'images,a,uno,changed,name,,one,uno,1,admin',
      "images,a,uno,changed,tag changed,env,dev,'-prod,1,admin",
      'images,a,uno,changed,tag removed,tmp,1,,1,admin',
      'images,b,,left,tag removed,env,dev,,1,admin',
    ])
  })

  it.each([
    [[], 2, "required option '--from <moment>' not specified"],
    [['--from', 'soon'], 2, '--from must be a revision or a time'],
    [['--from', '0', '--to', 'never'], 2, '--to must be a revision or a time'],
    [['--from', '99'], 1, 'The project has no such revision yet. from: must not be above 5 (got 99).'],
    [['--from', '0', '--tag', '=x'], 2, 'has no key'],
  ])('%j fails with exit code %d and says %s', async (argv, code, message) => {
    const ran = await ask(...argv)
    expect(ran.code).toBe(code)
    expect(ran.stderr).toContain(message)
  })

  it('says that the output is incomplete when the answer ends early', async () => {
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.endsWith('/diff')) return false
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('{"resource_type":"ecs"')
      setImmediate(() => response.destroy())
      return true
    })
    const { code, stderr } = await run(['diff', '--from', '0'], { endpoint: proxy.url, nowMs: NOW })
    await proxy.stop()
    expect(code).toBe(1)
    expect(stderr).toContain('what was printed is incomplete')
  })
})
