import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsDomain, withWorld } from './world.ts'

// GET /v3/users (OTC IAM API, "Querying a User List").

const world = withWorld()
const PATH = '/v3/users'

async function namesFor(query: string, token = 'domain'): Promise<string[]> {
  const { status, body } = await world().ask('GET', PATH + query, undefined, token)
  expect(status).toBe(200)
  return body.users.map(({ name }: { name: string }) => name)
}

it('the users of the domain are listed by name, to domain readers too', async () => {
  const { ask, ids, service } = world()
  const { body } = await ask('GET', PATH)
  expect(body.users[0]).toEqual({
    id: ids.admin,
    name: 'admin',
    domain_id: ids.domain,
    enabled: true,
    description: '',
    email: '',
    password_expires_at: null,
    links: { self: `${service.url}/v3/users/${ids.admin}` },
  })
  expect(body.links).toEqual({ self: service.url + PATH, previous: null, next: null })
  for (const token of ['domain', 'watcher']) {
    expect(await namesFor('', token)).toEqual(['admin', 'guest', 'reader', 'watcher'])
  }
})

it('users are filtered by exact name, by enabled and by domain', async () => {
  const { ask, ids } = world()
  await ask('POST', PATH, { user: { name: 'off', enabled: false } })
  expect(await namesFor('?name=reader')).toEqual(['reader'])
  expect(await namesFor('?name=Reader')).toEqual([])
  expect(await namesFor('?enabled=false')).toEqual(['off'])
  expect(await namesFor('?enabled=true&name=off')).toEqual([])
  expect(await namesFor(`?domain_id=${ids.domain}&name=guest`)).toEqual(['guest'])
  expect(await namesFor('?domain_id=other')).toEqual([])
  expect(await namesFor('?password_expires_at=gt:2016-12-08T22:02:00Z')).toEqual([])
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: PATH }),
      asked(
        'a value of enabled that is not a boolean is answered with 400',
        'GET',
        `${PATH}?enabled=yes`,
        bad('enabled', '"yes"'),
      ),
      asked('a repeated parameter name is answered with 400', 'GET', `${PATH}?name=a&name=b`, bad('name')),
    ],
  ))
