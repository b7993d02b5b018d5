import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/projects/{project_id} (OTC IAM API, "Querying Information About a Specified Project").

const world = withWorld()

it.each(['domain', 'project', 'reader', 'watcher'])('shows a project as the list does to %s', async (token) => {
  const { ask } = world()
  const list = await ask('GET', '/v3/projects?name=default')
  const { status, body } = await ask('GET', '/v3/projects/{project}', undefined, token)
  expect([status, body]).toEqual([200, { project: list.body.projects[0] }])
})

it('shows one that is disabled to who manages projects, and to nobody else', async () => {
  const { ask } = world()
  const { body } = await ask('POST', '/v3/projects', { project: { name: 'shut', enabled: false } })
  const path = `/v3/projects/${body.project.id}`
  expect((await ask('GET', path)).body).toEqual(body)
  expect((await ask('GET', path, undefined, 'project')).status).toBe(403)
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/projects/{project}' }),
      asked('404 to an unknown id', 'GET', '/v3/projects/none', notFound('project_id', 'none')),
      asked('404 to a name', 'GET', '/v3/projects/default', notFound('project_id')),
      asked('403 to a reader elsewhere', 'GET', '/v3/projects/{other}', FORBIDDEN, undefined, 'reader'),
      asked('403 to a reader of one about none', 'GET', '/v3/projects/none', FORBIDDEN, undefined, 'reader'),
    ],
  ))
