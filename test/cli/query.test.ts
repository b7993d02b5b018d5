import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, run, startProxy } from './run.ts'

let test: TestService
beforeAll(async () => {
  test = await startTestService()
  const image = (id: string, name: string, tags: Record<string, string>) => ({
    resource_type: 'images',
    resource_id: id,
    resource_name: name,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  })
  await test.register(
    image('a', 'Web one', { env: 'prod', os: 'Ubuntu' }),
    image('b', 'web two', { env: 'test', os: 'Ubuntu', empty: '' }),
    image('c', '数据库', { env: 'dev', 部门: '研发部' }),
    image('d', 'bare', {}),
    { ...image('e', 'web db', { env: 'prod' }), resource_type: 'instances', resource_detail: { status: 'BUILD' } },
  )
})
afterAll(() => test.stop())

const ask = (...argv: string[]): Promise<Ran> => run(argv, { endpoint: test.url })

describe('tagwerk query and count', () => {
  const cases: readonly (readonly [argv: readonly string[], ids: string])[] = [
    [[], 'abcde'],
    [['--type', 'images'], 'abcd'],
    [['--type', 'gaussdb'], 'e'],
    [['--tag', 'env=prod'], 'ae'],
    [['--tag', 'env=prod', '--type', 'instances'], 'e'],
    [['--tag', 'env=prod', '--tag', 'env=test'], 'abe'],
    [['--tag', 'env'], 'abce'],
    [['--tag', 'env=prod', '--tag', 'env', '--tag', 'env=test'], 'abce'],
    [['--tag', 'os=Ubuntu', '--tag', 'env=test'], 'b'],
    [['--tag', 'empty='], 'b'],
    [['--any', 'env=dev', '--any', 'os=Ubuntu'], 'abc'],
    [['--not', 'os=Ubuntu', '--not', 'env=test'], 'acde'],
    [['--not-any', 'os', '--not-any', 'env=dev'], 'de'],
    [['--tag', '部门=研发部'], 'c'],
    [['--untagged'], 'd'],
    [['--name', 'WEB'], 'abe'],
    [['--id', 'c'], 'c'],
    [['--name', 'web', '--tag', 'env=prod'], 'ae'],
    [['--id', 'nothing'], ''],
  ]

  it.each(cases)('query and count with %j find the resources "%s"', async (argv, ids) => {
    const queried = await ask('query', '--json', ...argv)
    expect(queried.code).toBe(0)
    const answer = JSON.parse(queried.stdout)
    expect(answer.resources.map(({ resource_id }: { resource_id: string }) => resource_id).join('')).toBe(ids)
    expect(answer.total_count).toBe(ids.length)
    expect(await ask('count', ...argv)).toMatchObject({ code: 0, stdout: `${ids.length}\n` })
    const { total_count, counts } = answer
    expect(JSON.parse((await ask('count', '--json', ...argv)).stdout)).toEqual({ total_count, counts })
    const all = await ask('query', '--all', '--json', ...argv)
    expect(JSON.parse(all.stdout)).toEqual(answer)
  })

  it('count prints the number of each type on standard error, unless a type is given', async () => {
    expect(await ask('count')).toMatchObject({ stdout: '5\n', stderr: '4 images and 1 database instance.\n' })
    expect(await ask('count', '--type', 'images')).toMatchObject({ stdout: '4\n', stderr: '' })
  })

  it('query shows the type of each resource, unless a type is given', async () => {
    const { stdout, stderr } = await ask('query', '--tag', 'env=prod')
    expect(stdout).toBe(
      [
        'TYPE       ID  STATUS  NAME     TAGS',
        'images     a   active  Web one  env=prod os=Ubuntu',
        'instances  e   BUILD   web db   env=prod',
        '',
      ].join('\n'),
    )
    expect(stderr).toBe('2 resources match (1 image and 1 database instance): showing 1 to 2.\n')
    const typed = await ask('query', '--tag', 'env=prod', '--type', 'instances')
    expect(typed.stdout).toBe('ID  STATUS  NAME    TAGS\ne   BUILD   web db  env=prod\n')
    expect(typed.stderr).toBe('1 database instance matches: showing 1 to 1.\n')
  })

  it('query prints a table aligned for wide characters, and the offset of the next page', async () => {
    const { stdout, stderr } = await ask('query', '--type', 'images', '--limit', '2', '--offset', '1')
    expect(stdout).toBe(
      [
        'ID  STATUS  NAME     TAGS',
        'b   active  web two  env=test os=Ubuntu empty=',
        'c   active  数据库   env=dev 部门=研发部',
        '',
      ].join('\n'),
    )
    expect(stderr).toBe('4 images match: showing 2 to 3; use --offset 3 for the next page.\n')
  })

  it('query reports an empty page', async () => {
    const none = '0 resources match (0 images and 0 database instances): none on this page.\n'
    expect((await ask('query', '--id', 'x')).stderr).toBe(none)
    expect((await ask('query', '--all', '--id', 'x')).stderr).toBe(none)
    expect((await ask('query', '--offset', '9', '--type', 'images')).stderr).toBe(
      '4 images match: none on this page.\n',
    )
  })

  it('query --all reads all pages, and warns if the project changed between them', async () => {
    const many = Array.from({ length: 1004 }, (_, i) => ({ resource_type: 'images', resource_id: `m${i}` }))
    await test.register(...many.map((line) => ({ ...line, project: 'many' })))
    const table = await ask('query', '--all', '--project', 'many', '--type', 'images')
    expect(table.stdout.split('\n').filter((line) => line.startsWith('m'))).toHaveLength(1004)
    expect(table.stderr).toBe('1,004 images match: showing 1 to 1000.\n1,004 images match: showing 1001 to 1004.\n')
    let pages = 0
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.endsWith('/resources/query')) return false
      const shown = {
        total_count: 1001,
        counts: { images: 1001 },
        resources: Array(pages++ === 0 ? 1000 : 1).fill({ resource_id: 'x', tags: [] }),
      }
      response.writeHead(200, { 'x-tagwerk-revision': String(pages), 'content-type': 'application/json' })
      response.end(JSON.stringify(shown))
      return true
    })
    const { code, stdout, stderr } = await run(['query', '--all', '--json'], { endpoint: proxy.url })
    await proxy.stop()
    expect(code).toBe(0)
    expect(JSON.parse(stdout).resources).toHaveLength(1001)
    expect(stderr).toMatch(/^warning: the project changed between pages/)
  })

  it('query prints the error of the service', async () => {
    const keys = Array.from({ length: 21 }, (_, i) => ['--tag', `k${i}`]).flat()
    const { code, stderr } = await ask('query', ...keys)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: the service answered 400 request-invalid: .*tags/)
  })
})
