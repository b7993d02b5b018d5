import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/users/{user_id}/projects (OTC IAM API, "Querying a User Project List").

const world = withWorld()
const namesOf = (body: { projects: { name: string }[] }) => body.projects.map(({ name }) => name)

it('a user sees the projects with an own role', async () => {
  const { ask, service, ids } = world()
  const { status, body } = await ask('GET', '/v3/users/{reader}/projects', undefined, 'reader')
  const list = await ask('GET', '/v3/projects?name=default')
  const links = { self: `${service.url}/v3/users/${ids.reader}/projects`, previous: null, next: null }
  expect([status, body]).toEqual([200, { links, projects: list.body.projects }])
})

it('domain administrators and readers see the projects of any user', async () => {
  const { ask } = world()
  expect(namesOf((await ask('GET', '/v3/users/{guest}/projects')).body)).toEqual(['guests'])
  expect(namesOf((await ask('GET', '/v3/users/{watcher}/projects')).body)).toEqual(['default', 'guests', 'other'])
  expect(namesOf((await ask('GET', '/v3/users/{guest}/projects', undefined, 'watcher')).body)).toEqual(['guests'])
})

it('projects are filtered as in the list of all projects', async () => {
  const { ask, ids } = world()
  const find = async (query: string) => namesOf((await ask('GET', `/v3/users/{watcher}/projects?${query}`)).body)
  expect(await find(`domain_id=${ids.domain}&name=guests`)).toEqual(['guests'])
  expect([await find('domain_id=none'), await find('tags=x'), await find('is_domain=true')]).toEqual([[], [], []])
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/users/{reader}/projects' }),
      asked(
        'a user who asks for another user is answered with 403',
        'GET',
        '/v3/users/{guest}/projects',
        FORBIDDEN,
        undefined,
        'reader',
      ),
      asked(
        "a project administrator who asks for the user's projects is answered with 403",
        'GET',
        '/v3/users/{reader}/projects',
        FORBIDDEN,
        undefined,
        'project',
      ),
      asked('an unknown user is answered with 404', 'GET', '/v3/users/none/projects', notFound('user_id', 'none')),
    ],
  ))
