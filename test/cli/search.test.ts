import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, run } from './run.ts'

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
    image('a', 'Web one', { env: 'prod', team: 'web' }),
    image('b', 'web two', { env: 'prod', team: 'shop' }),
    image('c', 'bare', {}),
    { ...image('d', 'web db', { env: 'dev' }), resource_type: 'instances', resource_detail: { status: 'BUILD' } },
  )
})
afterAll(() => test.stop())

const ask = (...argv: string[]): Promise<Ran> => run(['search', ...argv], { endpoint: test.url })

describe('tagwerk search', () => {
  it('prints the resources for which the expression holds', async () => {
    const { code, stdout, stderr } = await ask('tags.env == "prod" && !(tags.team == "shop")')
    expect(code).toBe(0)
    expect(stdout).toBe('TYPE    ID  STATUS  NAME     TAGS\nimages  a   active  Web one  env=prod team=web\n')
    expect(stderr).toBe('1 resource matches (1 image and 0 database instances).\n')
  })

  it('prints the counts of the values of a key, and of the keys', async () => {
    const { stdout, stderr } = await ask('"env" in tags', '--facet', 'team', '--facet-keys', '--limit', '0')
    expect(stdout).toBe('team  RESOURCES\nshop  1\nweb   1\nKEY   RESOURCES\nenv   3\nteam  2\n')
    expect(stderr).toContain('2 with the key team, 1 without.\n3 with tags, 0 without.\n')
    expect(stderr).toContain('3 resources match (2 images and 1 database instance): showing 0')
  })

  it('prints how many resources each part selects', async () => {
    const { stdout } = await ask('tags.env == "prod" || size(tags) == 0', '--explain', '--limit', '0')
    expect(stdout).toBe(
      'RESOURCES  PART\n3          tags.env == "prod" || size(tags) == 0\n2            tags.env == "prod"\n1            size(tags) == 0\n',
    )
  })

  it('searches all projects of the domain, and says why a resource of another one does not match', async () => {
    await test.register({ resource_type: 'ecs', resource_id: 'far', project: 'far', tags: { env: 'prod' } })
    const { code, stdout, stderr } = await ask('"env" in tags', '--all-projects', '--limit', '2', '--facet', 'env')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^PROJECT +TYPE .*\ndefault .*\ndefault .*\nenv +RESOURCES\nprod +3\ndev +1\n$/)
    expect(stderr).toMatch(/\n4 resources match \(.*, in 2 projects\): showing 2/)
    const all = JSON.parse((await ask('"env" in tags', '--all-projects', '--all', '--json')).stdout)
    expect(all.projects.map(({ revision }: { revision: number }) => revision)).toEqual([4, 1])
    expect(all.resources).toHaveLength(4)
    const why = await ask('tags.env == "dev"', '--all-projects', '--why', 'far')
    expect([why.code, why.stderr]).toEqual([0, 'The resource does not match.\n'])
  })

  it('says why a resource does not match', async () => {
    const { code, stdout, stderr } = await ask('tags.Env == "prod" && tags.team == "web"', '--why', 'b')
    expect([code, stderr]).toEqual([0, 'The resource does not match.\n'])
    expect(stdout).toBe(
      [
        'HOLDS  PART                                      INSTEAD',
        'no     tags.Env == "prod" && tags.team == "web"',
        'no       tags.Env == "prod"                      no such tag, similar: env=prod',
        'no       tags.team == "web"                      "shop"',
        '',
      ].join('\n'),
    )
    expect((await ask('size(tags) > 0', '--why', 'b')).stderr).toBe('The resource matches.\n')
    expect(JSON.parse((await ask('true', '--why', 'b', '--json')).stdout)).toMatchObject({ matches: true })
  })

  it('prints the response as JSON, and all pages with --all', async () => {
    const answer = JSON.parse((await ask('--json', '--limit', '3', '--facet', 'env', '--exclude-own')).stdout)
    expect(answer).toMatchObject({ total_count: 4, facets: [{ key: 'env', with_key: 3 }] })
    expect(answer.next).toBeTypeOf('string')
    const all = JSON.parse((await ask('--json', '--all')).stdout)
    expect(all.resources.map(({ resource_id }: { resource_id: string }) => resource_id)).toEqual(['a', 'b', 'c', 'd'])
    expect(all.next).toBeUndefined()
  })

  it('prints CSV that an import of tags reads', async () => {
    const { stdout } = await ask('type == "images"', '--csv')
    expect(stdout.replace('\ufeff', '').split('\r\n')[0]).toBe(
      'resource_type,project,resource_id,resource_name,tag:env,tag:team,resource_detail',
    )
  })

  it('names the position of an expression that is not accepted', async () => {
    const { code, stderr } = await ask('tags.env = "prod"')
    expect(code).toBe(1)
    expect(stderr).toContain('at character 10')
  })
})
