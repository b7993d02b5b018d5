import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { taggedProject } from './tagged-projects.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/projects/{project_id}/tags (Keystone v3, "List tags for a project"; D35).

const world = withWorld()

it('the tags of a project are listed in the order in which they were added', async () => {
  const { ask, service } = world()
  const id = await taggedProject(world(), 'z', 'a', '标 签')
  const { status, body } = await ask('GET', `/v3/projects/${id}/tags`)
  const links = { self: `${service.url}/v3/projects/${id}/tags` }
  expect([status, body]).toEqual([200, { tags: ['z', 'a', '标 签'], links }])
})

it.each(['domain', 'project', 'reader', 'watcher'])(
  'a project without tags has an empty list for the token "%s"',
  async (token) => {
    const { status, body } = await world().ask('GET', '/v3/projects/{project}/tags', undefined, token)
    expect([status, body.tags]).toEqual([200, []])
  },
)

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/projects/{project}/tags' }),
      asked('an unknown id is answered with 404', 'GET', '/v3/projects/none/tags', notFound('project_id', 'none')),
      asked(
        'a reader of one project who asks for another project is answered with 403',
        'GET',
        '/v3/projects/{other}/tags',
        FORBIDDEN,
        undefined,
        'reader',
      ),
    ],
  ))
