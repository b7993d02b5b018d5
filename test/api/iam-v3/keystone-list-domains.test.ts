import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsToken, withWorld } from './world.ts'

// GET /v3/domains (Keystone v3, "List domains").

const world = withWorld()
const PATH = '/v3/domains'

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

it('domains are filtered by exact name and by enabled', async () => {
  const namesFor = async (query: string) =>
    (await world().ask('GET', `${PATH}?${query}`)).body.domains.map(({ name }: { name: string }) => name)
  expect(await namesFor('name=default')).toEqual(['default'])
  expect(await namesFor('name=Default')).toEqual([])
  expect(await namesFor('enabled=true&name=default')).toEqual(['default'])
  expect(await namesFor('enabled=false')).toEqual([])
  const { body } = await world().ask('GET', `${PATH}?name=default`)
  expect(body.links.self).toMatch(/\/v3\/domains\?name=default$/)
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: PATH }),
      asked(
        'a value of enabled that is not a boolean is answered with 400',
        'GET',
        `${PATH}?enabled=perhaps`,
        bad('enabled', 'true or false'),
      ),
    ],
  ))
