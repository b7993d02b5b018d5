import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/projects/{project_id} (OTC IAM API, "Querying Information About a Specified Project").

const world = withWorld()

it.each(['domain', 'project', 'reader', 'watcher'])(
  'a project is shown as in the list to the token "%s"',
  async (token) => {
    const { ask } = world()
    const list = await ask('GET', '/v3/projects?name=default')
    const { status, body } = await ask('GET', '/v3/projects/{project}', undefined, token)
    expect([status, body]).toEqual([200, { project: list.body.projects[0] }])
  },
)

it('a disabled project is shown only to callers who may manage projects', async () => {
  const { ask } = world()
  const { body } = await ask('POST', '/v3/projects', { project: { name: 'shut', enabled: false } })
  const path = `/v3/projects/${body.project.id}`
  expect((await ask('GET', path)).body).toEqual(body)
  expect((await ask('GET', path, undefined, 'project')).status).toBe(403)
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/projects/{project}' }),
      asked('an unknown id is answered with 404', 'GET', '/v3/projects/none', notFound('project_id', 'none')),
      asked('a name instead of an id is answered with 404', 'GET', '/v3/projects/default', notFound('project_id')),
      asked(
        'a reader of one project who asks for another project is answered with 403',
        'GET',
        '/v3/projects/{other}',
        FORBIDDEN,
        undefined,
        'reader',
      ),
      asked(
        'a reader of one project who asks for an unknown project is answered with 403',
        'GET',
        '/v3/projects/none',
        FORBIDDEN,
        undefined,
        'reader',
      ),
    ],
  ))
