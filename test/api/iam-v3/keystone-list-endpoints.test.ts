import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsToken, withWorld } from './world.ts'

// GET /v3/endpoints (OTC IAM API, "Querying Endpoints").

const world = withWorld()
const PATH = '/v3/endpoints'

type Endpoint = { id: string; service_id: string; url: string }
async function list(query = ''): Promise<Endpoint[]> {
  const { status, body } = await world().ask('GET', PATH + query, undefined, 'reader')
  expect(status).toBe(200)
  return body.endpoints
}

it('each service with a family of its own has an endpoint, before all others, with a placeholder for the project id', async () => {
  const { service } = world()
  const endpoints = await list()
  expect(endpoints.slice(0, 8).map(({ url }) => url.replace(service.url, ''))).toEqual([
    ...['/v3.0', '/v3', '/v3', ''],
    ...['/v3/$(project_id)s', '/v3/$(project_id)s', '/v2/$(project_id)s', '/tms/default/v1.0'],
  ])
  expect(endpoints[3]).toEqual({
    id: 'glance-public',
    service_id: 'glance',
    interface: 'public',
    region: 'default',
    region_id: 'default',
    url: service.url,
    enabled: true,
    links: { self: `${service.url}${PATH}/glance-public`, previous: null, next: null },
  })
})

it('one address contains both tms and the region, as python-otcextensions needs', async () => {
  expect((await list()).filter(({ url }) => url.includes('tms') && url.includes('default'))).toHaveLength(1)
})

it('the tms address with an appended path leads to predefined tags', async () => {
  const { ask, service } = world()
  const [endpoint] = await list('?service_id=tms')
  const path = `${endpoint?.url}/predefine_tags`.replace(service.url, '')
  expect((await ask('GET', path)).status).toBe(200)
})

it('endpoints are filtered by service and interface', async () => {
  expect((await list('?service_id=tms')).map(({ id }) => id)).toEqual(['tms-public'])
  expect(await list('?service_id=none')).toEqual([])
  expect(await list('?interface=public')).toEqual(await list())
  expect(await list('?interface=admin')).toEqual([])
  expect(await list('?interface=public&service_id=iam')).toHaveLength(1)
  expect((await list('?region_id=default')).map(({ service_id }) => service_id)).toContain('glance')
  expect((await list('?region_id=default')).map(({ service_id }) => service_id)).not.toContain('tms')
  expect((await list('?region_id=*')).map(({ id }) => id)).toContain('tms-public')
  expect([await list('?region_id=none'), await list('?enabled=false')]).toEqual([[], []])
  expect(await list('?enabled=true')).toEqual(await list())
  const { body } = await world().ask('GET', `${PATH}?interface=public`)
  expect(body.links.self).toMatch(/\/v3\/endpoints\?interface=public$/)
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: PATH }),
      asked(
        'a repeated parameter interface is answered with 400',
        'GET',
        `${PATH}?interface=a&interface=b`,
        bad('interface'),
      ),
    ],
  ))
