import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/export: the resources that match a query, as lines of JSON.

const PATH = '/tagwerk/v1/export'

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
    { ...instance(instances[1]), resource_name: 'Orders' },
    { ...image(images[2], 'env=prod'), project: 'elsewhere' },
  )
  target = { ...(await targetOf(service, {})), hasRevisions: false }
})
afterAll(() => service.stop())

async function idsOf(body: object, token = service.token): Promise<string[]> {
  const answer = await service.call('POST', PATH, { body, token })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
  return answer.text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).resource_id)
}

describe('exporting the resources that match', () => {
  const filter = (key: string, ...values: string[]) => ({ key, values })
  it.each([
    ['no condition', {}, [...images.slice(0, 2), ...instances]],
    ['a tag', { tags: [filter('env', 'prod')] }, [images[0], instances[0]]],
    ['one of several tags', { tags_any: [filter('team'), filter('env', 'test')] }, images.slice(0, 2)],
    ['a tag that it must not have', { not_tags_any: [filter('env', 'prod')] }, [images[1], instances[1]]],
    ['no tag at all', { without_any_tag: true }, [instances[1]]],
    ['a name', { matches: [{ key: 'resource_name', value: 'ORD' }] }, [instances[1]]],
    ['a type by two of its names', { resource_types: ['instances', 'gaussdb'], tags: [filter('env')] }, [instances[0]]],
  ])('by %s', async (_what, body, ids) => {
    expect(await idsOf(body)).toEqual(ids)
  })

  it('a domain token exports matches of all projects, or of the one that it names', async () => {
    const token = await service.tokenFor(undefined)
    const body = { tags: [filter('env', 'prod')] }
    expect(await idsOf(body, token)).toEqual([images[0], instances[0], images[2]])
    expect(await idsOf({ ...body, project: 'elsewhere' }, token)).toEqual([images[2]])
  })
})

describe('answers to requests for matches', () => {
  const asked = (body: unknown) => ({ method: 'POST', path: PATH, body })
  runScenarios(
    () => target,
    [
      {
        name: 'an unknown project is answered with 404',
        request: asked({ project: 'no' }),
        ...tagwerkError(404, 'project-not-found'),
      },
      {
        name: 'a misspelt condition is refused',
        request: asked({ tag: [] }),
        ...tagwerkError(400, 'request-invalid', 'tag', 'tags'),
      },
      {
        name: 'a page is refused: an export has none',
        request: asked({ limit: 10 }),
        ...tagwerkError(400, 'request-invalid', 'limit'),
      },
      {
        name: 'a name that no type can have is refused',
        request: asked({ resource_types: ['images', 'a b'] }),
        ...tagwerkError(400, 'request-invalid', 'resource_types[1]', 'a b'),
      },
    ],
  )
})
