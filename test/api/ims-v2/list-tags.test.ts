import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// I8: GET /v1/cloudimages/tags (contract 2.1, 2.5; D13).

const PATH = '/v1/cloudimages/tags'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.image({ __os_type: 'Linux', status: 'queued' }, ['env=prod', 'z=', 'A=1'])
  await world.image({}, ['env=test', 'z=', 'a=1'])
  await world.sharedImage('pending', ['waiting=1'])
})
afterAll(() => world.service.stop())

const tagsOf = async (query: string) => {
  const { status, body } = await world.call('GET', `${PATH}?${query}`)
  expect(status).toBe(200)
  return body
}

// Includes the tags of `{image}` and of the accepted image of the world.
const ALL = ['A=1', 'a=1', 'b', 'env=prod', 'env=test', 'of=other', 'z']

describe('the list', () => {
  it.each<readonly [query: string, tags: readonly string[]]>([
    ['', ALL],
    ['owner={project}', ALL.filter((tag) => tag !== 'of=other')],
    ['visibility=shared', ['of=other']],
    ['visibility=shared&member_status=pending', ['waiting=1']],
    ['member_status=all', [...ALL.slice(0, 6), 'waiting=1', 'z']],
    ['status=queued', ['A=1', 'env=prod', 'z']],
    ['__os_type=Linux', ['A=1', 'env=prod', 'z']],
    ['tag=env%3Dtest', ['a=1', 'env=test', 'z']],
    ['name=none', []],
    ['limit=5', ALL.slice(0, 5)],
    ['limit=5&page=1', ALL.slice(0, 5)],
    ['limit=5&page=2', ALL.slice(5)],
    ['limit=5&page=3', []],
    ['page=1', ALL],
    ['page=2', []],
    ['limit=9007199254740991&page=9007199254740991', []],
    ['sort_key=x&sort_dir=y&marker=z', ALL],
  ])('distinct tags are listed in order of key and value: ?%s', async (query, tags) => {
    expect(await tagsOf(query.replace('{project}', world.service.project))).toEqual({ tags })
  })

  it('tags from the index equal tags collected from the images', async () => {
    expect(await tagsOf('__isregistered=true')).toEqual(await tagsOf(''))
  })
})

describe('invalid requests', () => {
  const bad = (query: string, code: string, ...fragments: string[]) => ({
    name: `listing distinct tags is refused with ?${query}`,
    request: { method: 'GET', path: `${PATH}?${query}` },
    ...imsError(400, code, ...fragments),
  })
  runScenarios(
    () => world.target,
    [
      bad('limit=0', 'IMG.0001', 'limit', '1'),
      bad('limit=x', 'IMG.0001', 'limit'),
      bad('page=0', 'IMG.0001', 'page', '1'),
      bad('page=x', 'IMG.0001', 'page'),
      bad('created_at=x', 'IMG.0001', 'created_at'),
      bad('__imagetype=x', 'IMG.0024', '__imagetype'),
      bad('tag=', 'IMG.0115', 'tag'),
      {
        name: 'listing distinct tags is refused without a token',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'listing distinct tags is refused with a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
