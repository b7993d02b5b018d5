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
  )
})
afterAll(() => test.stop())

const ask = (...argv: string[]): Promise<Ran> => run(argv, { endpoint: test.url })

describe('tagwerk query and count', () => {
  const cases: readonly (readonly [argv: readonly string[], ids: string])[] = [
    [[], 'abcd'],
    [['--tag', 'env=prod'], 'a'],
    [['--tag', 'env=prod', '--tag', 'env=test'], 'ab'],
    [['--tag', 'env'], 'abc'],
    [['--tag', 'env=prod', '--tag', 'env', '--tag', 'env=test'], 'abc'],
    [['--tag', 'os=Ubuntu', '--tag', 'env=test'], 'b'],
    [['--tag', 'empty='], 'b'],
    [['--any', 'env=dev', '--any', 'os=Ubuntu'], 'abc'],
    [['--not', 'os=Ubuntu', '--not', 'env=test'], 'acd'],
    [['--not-any', 'os', '--not-any', 'env=dev'], 'd'],
    [['--tag', '部门=研发部'], 'c'],
    [['--untagged'], 'd'],
    [['--name', 'WEB'], 'ab'],
    [['--id', 'c'], 'c'],
    [['--name', 'web', '--tag', 'env=prod'], 'a'],
    [['--id', 'nothing'], ''],
  ]

  it.each(cases)('query and count with %j find the images "%s"', async (argv, ids) => {
    const queried = await ask('query', '--json', ...argv)
    expect(queried.code).toBe(0)
    const answer = JSON.parse(queried.stdout)
    expect(answer.resources.map(({ resource_id }: { resource_id: string }) => resource_id).join('')).toBe(ids)
    expect(answer.total_count).toBe(ids.length)
    expect(await ask('count', ...argv)).toEqual({ code: 0, stdout: `${ids.length}\n`, stderr: '' })
    expect(JSON.parse((await ask('count', '--json', ...argv)).stdout)).toEqual({ total_count: ids.length })
    const all = await ask('query', '--all', '--json', ...argv)
    expect(JSON.parse(all.stdout)).toEqual(answer)
  })

  it('query prints a table aligned for wide characters, and the offset of the next page', async () => {
    const { stdout, stderr } = await ask('query', '--limit', '2', '--offset', '1')
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
    expect((await ask('query', '--id', 'x')).stderr).toBe('0 images match: none on this page.\n')
    expect((await ask('query', '--all', '--id', 'x')).stderr).toBe('0 images match: none on this page.\n')
    expect((await ask('query', '--offset', '9')).stderr).toBe('4 images match: none on this page.\n')
  })

  it('query --all reads all pages, and warns if the project changed between them', async () => {
    const many = Array.from({ length: 1004 }, (_, i) => ({ resource_type: 'images', resource_id: `m${i}` }))
    await test.register(...many.map((line) => ({ ...line, project: 'many' })))
    const table = await ask('query', '--all', '--project', 'many')
    expect(table.stdout.split('\n').filter((line) => line.startsWith('m'))).toHaveLength(1004)
    expect(table.stderr).toBe('1,004 images match: showing 1 to 1000.\n1,004 images match: showing 1001 to 1004.\n')
    let pages = 0
    const proxy = await startProxy(test.url, (request, response, body) => {
      if (!body.includes('"filter"')) return false
      const shown = {
        total_count: 1001,
        resources: Array(pages++ === 0 ? 1000 : 1).fill({ resource_id: 'x', tags: [] }),
      }
      response.writeHead(200, { 'x-tagwerk-revision': String(pages), 'content-type': 'application/json' })
      response.end(JSON.stringify(shown))
      return request.url !== undefined
    })
    const { code, stdout, stderr } = await run(['query', '--all', '--json'], { endpoint: proxy.url })
    await proxy.stop()
    expect(code).toBe(0)
    expect(JSON.parse(stdout).resources).toHaveLength(1001)
    expect(stderr).toMatch(/^warning: the project changed between pages/)
  })

  it('query prints the error of the service', async () => {
    const keys = Array.from({ length: 11 }, (_, i) => ['--tag', `k${i}`]).flat()
    const { code, stderr } = await ask('query', ...keys)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: the service answered 400 IMG\.0001: The request message format is invalid\. /)
  })
})
