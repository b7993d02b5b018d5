import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsToken, withWorld } from './world.ts'

// GET /v3/services (OTC IAM API, "Querying Services").

const world = withWorld()
const PATH = '/v3/services'

it('every service with a family of its own is listed first', async () => {
  const { ask, service } = world()
  const { status, body } = await ask('GET', PATH, undefined, 'reader')
  expect(status).toBe(200)
  expect(body.links).toEqual({ self: service.url + PATH, previous: null, next: null })
  expect(body.services.map(({ type }: { type: string }) => type).slice(0, 7)).toEqual([
    'iam',
    'identity',
    'image',
    'gaussdb',
    'gaussdb-mysql',
    'volumev2',
    'tms',
  ])
  expect(body.services[6]).toEqual({
    id: 'tms',
    name: 'tms',
    type: 'tms',
    description: 'Tag Management Service',
    enabled: true,
    links: { self: `${service.url}/v3/services/tms`, previous: null, next: null },
  })
})

it('services are filtered by type', async () => {
  const { body } = await world().ask('GET', `${PATH}?type=image`)
  expect(body.services.map(({ id }: { id: string }) => id)).toEqual(['glance'])
  expect(body.links.self).toMatch(/\/v3\/services\?type=image$/)
  expect((await world().ask('GET', `${PATH}?type=none`)).body.services).toEqual([])
})

it('services are filtered by name, which differs from the type', async () => {
  const find = async (query: string) => (await world().ask('GET', `${PATH}?${query}`)).body.services
  expect((await find('name=glance')).map(({ id }: { id: string }) => id)).toEqual(['glance'])
  for (const query of ['name=image', 'name=Glance', 'name=', 'name=glance&type=tms']) {
    expect([query, await find(query)]).toEqual([query, []])
  }
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: PATH }),
      asked('a repeated parameter type is answered with 400', 'GET', `${PATH}?type=a&type=b`, bad('type', 'string')),
      asked('a repeated parameter name is answered with 400', 'GET', `${PATH}?name=a&name=b`, bad('name', 'string')),
    ],
  ))
