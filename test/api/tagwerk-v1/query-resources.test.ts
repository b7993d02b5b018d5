import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, logIn, newImageId, newInstanceId, startWithUsers, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/resources/query: resources of all types by tag, name or id.

const PATH = '/tagwerk/v1/{project}/resources/query'

let service: TestService
let target: Target
const images = [newImageId(), newImageId(), newImageId()] as const
const instances = [newInstanceId(), newInstanceId()] as const

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    image(images[0], 'env=prod', 'team=web'),
    instance(instances[0], 'env=prod'),
    image(images[1], 'env=test'),
    { ...instance(instances[1]), resource_name: 'Orders', resource_detail: { status: 'BUILD', port: 3306 } },
    image(images[2]),
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const query = async (body: object) => {
  const answer = await service.call('POST', PATH.replace('{project}', service.project), { body })
  expect(answer.status).toBe(200)
  return answer.body
}
const idsOf = (answer: { resources: { resource_id: string }[] }) =>
  answer.resources.map(({ resource_id }) => resource_id)

describe('querying resources of all types', () => {
  it('images come before instances, each oldest first, with the number of each type', async () => {
    const answer = await query({})
    expect(idsOf(answer)).toEqual([...images, ...instances])
    expect(answer).toMatchObject({ total_count: 5, counts: { images: 3, instances: 2 } })
    expect(answer.resources[4]).toEqual({
      resource_type: 'instances',
      resource_id: instances[1],
      resource_name: 'Orders',
      resource_detail: { status: 'BUILD', port: 3306 },
      tags: [],
    })
  })

  const cases: readonly (readonly [body: object, images: readonly number[], instances: readonly number[]])[] = [
    [{ tags: [{ key: 'env', values: ['prod'] }] }, [0], [0]],
    [{ tags_any: [{ key: 'env', values: [] }] }, [0, 1], [0]],
    [
      {
        not_tags: [
          { key: 'env', values: ['prod'] },
          { key: 'team', values: [] },
        ],
      },
      [1, 2],
      [0, 1],
    ],
    [{ not_tags_any: [{ key: 'env', values: [] }] }, [2], [1]],
    [{ without_any_tag: true }, [2], [1]],
    [{ without_any_tag: true, tags: [] }, [2], [1]],
    [{ matches: [{ key: 'resource_name', value: 'ORDER' }] }, [], [1]],
    [{ resource_types: ['instances'] }, [], [0, 1]],
    [{ resource_types: ['gaussdb', 'private_image', 'images'] }, [0, 1, 2], [0, 1]],
  ]
  it.each(cases)('a query with %j finds the resources that match', async (body, ofImages, ofInstances) => {
    const answer = await query(body)
    const expected = [...ofImages.map((i) => images[i]), ...ofInstances.map((i) => instances[i])]
    expect([idsOf(answer), answer.total_count]).toEqual([expected, expected.length])
    expect((await query({ ...body, limit: 0 })).resources).toEqual([])
  })

  it('counts has the searched types only', async () => {
    expect((await query({ resource_types: ['private_image'], limit: 0 })).counts).toEqual({ images: 3 })
  })

  it('pages of any size join to the whole, over types', async () => {
    for (const limit of [1, 2, 3, 4]) {
      const found: string[] = []
      for (let offset = 0; offset < 5; offset += limit) {
        const page = await query({ limit, offset })
        expect(page).toMatchObject({ total_count: 5, counts: { images: 3, instances: 2 } })
        found.push(...idsOf(page))
      }
      expect(found).toEqual([...images, ...instances])
    }
    expect(idsOf(await query({ offset: 5 }))).toEqual([])
  })

  it('a user with read-only access may query', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    const answer = await service.call('POST', PATH.replace('{project}', service.project), { body: {}, token })
    expect([answer.status, answer.body.total_count]).toEqual([200, 5])
  })
})

describe('answers to a query', () => {
  const of = (body: unknown) => ({ method: 'POST', path: PATH, body })
  const filters = (count: number) => texts('k', count).map((key) => ({ key, values: [] }))
  runScenarios(
    () => target,
    [
      { name: 'twenty conditions are allowed', request: of({ tags: filters(20) }), status: 200 },
      {
        name: 'an unknown type is answered with 400',
        request: of({ resource_types: ['images', 'robots'] }),
        ...tagwerkError(400, 'request-invalid', 'resource_types[1]', 'in use', '"robots"'),
      },
      {
        name: 'an empty list of types is answered with 400',
        request: of({ resource_types: [] }),
        ...tagwerkError(400, 'request-invalid', 'resource_types'),
      },
      {
        name: 'a limit above 1000 is answered with 400',
        request: of({ limit: 1001 }),
        ...tagwerkError(400, 'limit-invalid', 'limit', '1000'),
      },
      {
        name: 'a negative offset is answered with 400',
        request: of({ offset: -1 }),
        ...tagwerkError(400, 'offset-invalid', 'offset'),
      },
      {
        name: 'more than twenty conditions are answered with 400',
        request: of({ tags: filters(21) }),
        ...tagwerkError(400, 'request-invalid', 'tags', '20'),
      },
      {
        name: 'a misspelt member is answered with 400 and a hint',
        request: of({ not_tag: filters(1) }),
        ...tagwerkError(400, 'request-invalid', 'not_tag'),
      },
      {
        name: 'a key twice in one list is answered with 400',
        request: of({ tags: [...filters(1), ...filters(1)] }),
        ...tagwerkError(400, 'request-invalid', 'tags[1].key'),
      },
      {
        name: 'a query of another project is answered with 403',
        request: { method: 'POST', path: '/tagwerk/v1/{other}/resources/query', body: {} },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a query without a token is answered with 401',
        request: { ...of({}), token: null },
        ...tagwerkError(401, 'token-missing'),
      },
    ],
  )
})
