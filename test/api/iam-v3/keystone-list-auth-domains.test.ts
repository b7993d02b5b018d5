import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsToken, withWorld } from './world.ts'

// GET /v3/auth/domains (contract 6.1).

const world = withWorld()
const PATH = '/v3/auth/domains'

it.each(['domain', 'project', 'reader', 'watcher'])('the only domain is listed to the token "%s"', async (token) => {
  const { ask, service, ids } = world()
  const { status, body } = await ask('GET', PATH, undefined, token)
  const links = { self: `${service.url}/v3/domains/${ids.domain}` }
  expect([status, body]).toEqual([
    200,
    {
      domains: [{ id: ids.domain, name: 'default', description: '', enabled: true, links }],
      links: { self: `${service.url}${PATH}`, previous: null, next: null },
    },
  ])
})

it('domains are filtered by exact name, as the OTC Terraform provider needs, and by enabled', async () => {
  const namesFor = async (query: string) =>
    (await world().ask('GET', `${PATH}?${query}`)).body.domains.map(({ name }: { name: string }) => name)
  expect(await namesFor('name=default')).toEqual(['default'])
  expect(await namesFor('name=other')).toEqual([])
  expect(await namesFor('name=Default')).toEqual([])
  expect(await namesFor('name=default&enabled=true')).toEqual(['default'])
  expect(await namesFor('enabled=false')).toEqual([])
  const { body } = await world().ask('GET', `${PATH}?name=default`)
  expect(body.links.self).toMatch(/\/v3\/auth\/domains\?name=default$/)
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: PATH }),
      asked('a repeated parameter name is answered with 400', 'GET', `${PATH}?name=a&name=b`, bad('name', 'string')),
    ],
  ))
