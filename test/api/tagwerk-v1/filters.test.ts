import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// The filter expressions of queries, exports and changes of many resources.

let service: TestService
let target: Target
const images = [newImageId(), newImageId(), newImageId()] as const
const instances = [newInstanceId(), newInstanceId()] as const

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    image(images[0], 'env=prod', 'team=web'),
    image(images[1], 'env=production', 'owner=ana'),
    image(images[2]),
    instance(instances[0], 'env=prod'),
    { ...instance(instances[1], 'env=dev'), resource_name: 'Orders' },
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const post = async (path: string, body: object) => {
  const answer = await service.call('POST', path.replace('{project}', service.project), { body })
  expect(answer.body).not.toHaveProperty('error_code')
  return answer.body
}
const idsOf = (answer: { resources: { resource_id: string }[] }) =>
  answer.resources.map(({ resource_id }) => resource_id)

const QUERY = '/tagwerk/v1/{project}/resources/query'

describe('a filter', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['tags.env == "prod" && !("owner" in tags)', [0], [0]],
    ['tags.env.startsWith("prod")', [0, 1], [0]],
    ['tags.env != "prod"', [1, 2], [1]],
    ['size(tags) == 0 || name.containsFold("ORD")', [2], [1]],
    ['type == "instances" || "team" in tags', [0], [0, 1]],
    ['type == "images" && type == "instances"', [], []],
    [`id in ["${images[1]}", "${instances[1]}"]`, [1], [1]],
    ['created < timestamp("2020-01-01T00:00:00Z")', [], []],
    ['updated > timestamp("2020-01-01T00:00:00Z") && true', [0, 1, 2], [0, 1]],
  ])('%s selects the resources for which it holds', async (filter, ofImages, ofInstances) => {
    const expected = [...ofImages.map((i) => images[i]), ...ofInstances.map((i) => instances[i])]
    const answer = await post(QUERY, { filter })
    expect([idsOf(answer), answer.total_count]).toEqual([expected, expected.length])
    expect((await post(QUERY, { filter, limit: 0 })).counts).toMatchObject({ images: ofImages.length })
  })

  it('can name the project by its id', async () => {
    expect((await post(QUERY, { filter: `project == "${service.project}"`, limit: 0 })).total_count).toBe(5)
    expect((await post(QUERY, { filter: `project != "${service.project}"`, limit: 0 })).total_count).toBe(0)
  })

  it('holds in addition to the other conditions', async () => {
    const answer = await post(QUERY, { filter: 'tags.env == "prod"', tags: [{ key: 'team', values: [] }] })
    expect(idsOf(answer)).toEqual([images[0]])
  })

  it('selects in all projects of the domain and in exports', async () => {
    const filter = `tags.env.endsWith("prod") && project == "${service.project}"`
    const token = await service.tokenFor(undefined)
    const { body } = await service.call('POST', '/tagwerk/v1/domain/resources/query', { body: { filter }, token })
    expect(idsOf(body)).toEqual([images[0], instances[0]])
    const exported = await service.call('POST', '/tagwerk/v1/export', { body: { filter } })
    const lines = exported.text.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).resource_id)).toEqual([images[0], instances[0]])
  })

  it('selects the resources of a change, with tests of members that no change alters', async () => {
    const filter = `type == "images" && created > timestamp("2020-01-01T00:00:00Z") && tags.env == "prod" && id != "none"`
    const change = { select: { filter }, action: 'create', tags: [{ key: 'seen', value: '1' }] }
    const report = await post('/tagwerk/v1/{project}/resources/tags', change)
    expect(report).toMatchObject({ total_count: 1, changed: 1, unchanged: 0, refused: 0 })
    expect(idsOf(await post(QUERY, { filter: 'has(tags.seen)' }))).toEqual([images[0]])
  })
})

describe('a filter that is not accepted', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'is answered with the position and what is expected there',
        request: { method: 'POST', path: QUERY, body: { filter: 'tags.env == "a" && tags.x = "b"' } },
        ...tagwerkError(400, 'filter-invalid', 'filter: must have', 'an operator at character 27', '= '),
      },
      {
        name: 'of a change is named by its path',
        request: {
          method: 'POST',
          path: '/tagwerk/v1/{project}/resources/tags',
          body: { select: { filter: 'true &&' }, action: 'create', tags: [{ key: 'a', value: 'b' }] },
        },
        ...tagwerkError(400, 'filter-invalid', 'select.filter: must have', 'at character 8'),
      },
      {
        name: 'because it is too long is answered with the limit',
        request: { method: 'POST', path: QUERY, body: { filter: `true${' '.repeat(4093)}` } },
        ...tagwerkError(400, 'filter-invalid', 'filter: must have at most 4096 characters'),
      },
    ],
  )
})
