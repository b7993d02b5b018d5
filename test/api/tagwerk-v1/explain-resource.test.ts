import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/explain

let service: TestService
let target: Target
const images = Array.from({ length: 4 }, newImageId)

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    image(images[0] as string, 'env=prod', 'team=web'),
    image(images[1] as string, 'env=prod'),
    image(images[2] as string, 'env=dev', 'team=web'),
    image(images[3] as string, 'Env=Prod'),
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const pathOf = (path: string) => path.replace('{project}', service.project)

describe('an explanation', () => {
  it('of a resource names the test that fails and what the resource has instead', async () => {
    const path = pathOf(`/tagwerk/v1/{project}/resources/images/${images[3]}/explain`)
    const { body } = await service.call(
      'GET',
      `${path}?filter=${encodeURIComponent('size(tags) == 1 && tags.env == "prod"')}`,
    )
    expect(body).toEqual({
      matches: false,
      filter: 'size(tags) == 1 && tags.env == "prod"',
      tree: {
        op: 'and',
        text: 'size(tags) == 1 && tags.env == "prod"',
        holds: false,
        children: [
          { op: 'test', text: 'size(tags) == 1', holds: true, children: [] },
          {
            op: 'test',
            text: 'tags.env == "prod"',
            holds: false,
            actual: null,
            hint: 'near',
            near: { key: 'Env', value: 'Prod' },
            children: [],
          },
        ],
      },
    })
  })
})

describe('answers to an explanation', () => {
  const explain = (query: string) => ({
    method: 'GET',
    path: `/tagwerk/v1/{project}/resources/images/${images[0]}/explain${query}`,
  })
  runScenarios(
    () => target,
    [
      {
        name: 'an explanation needs a filter',
        request: explain(''),
        ...tagwerkError(400, 'request-invalid', 'filter: is required'),
      },
      {
        name: 'an explanation of a resource that does not exist is answered with 404',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/resources/images/none/explain?filter=true' },
        ...tagwerkError(404, 'resource-not-found', 'none'),
      },
    ],
  )
})
