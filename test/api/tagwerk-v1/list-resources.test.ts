import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/resources

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
const search = async (body: object) =>
  (await service.call('POST', pathOf('/tagwerk/v1/{project}/resources/search'), { body })).body

describe('a list of resources', () => {
  it('by GET gives the same as by POST', async () => {
    const path = `${pathOf('/tagwerk/v1/{project}/resources')}?type=images&limit=3&filter=${encodeURIComponent('"team" in tags')}`
    const { body } = await service.call('GET', path)
    expect(body).toEqual(await search({ types: ['images'], limit: 3, filter: 'has(tags.team)' }))
  })
})

describe('answers to a list', () => {
  const list = (query: string) => ({ method: 'GET', path: `/tagwerk/v1/{project}/resources?${query}` })
  runScenarios(
    () => target,
    [
      {
        name: 'a list query with an unknown parameter is refused',
        request: list('filtre=x'),
        ...tagwerkError(400, 'request-invalid', 'filtre', 'filter'),
      },
      {
        name: 'a filter in a list query that is not accepted is refused',
        request: list('filter=env'),
        ...tagwerkError(400, 'filter-invalid', 'at character 1'),
      },
    ],
  )
})
