import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { taggedProject, tagsOf } from './tagged-projects.ts'
import { asked, needsManager, notFound, withWorld } from './world.ts'

// DELETE /v3/projects/{project_id}/tags/{tag} (Keystone v3, "Delete single tag from project"; D35).

const world = withWorld()

it('one tag of a project is removed, and the others stay in their order', async () => {
  const { ask } = world()
  const id = await taggedProject(world(), 'c', 'b', 'a')
  const remove = () => ask('DELETE', `/v3/projects/${id}/tags/b`)
  const { status, text } = await remove()
  expect([status, text, await tagsOf(world(), id)]).toEqual([204, '', ['c', 'a']])
  expect((await remove()).status).toBe(404)
})

describe('answers to DELETE', () =>
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'DELETE', path: '/v3/projects/{other}/tags/a' }),
      asked('an unknown id is answered with 404', 'DELETE', '/v3/projects/none/tags/a', notFound('project_id')),
      asked(
        'a tag that the project lacks is answered with 404',
        'DELETE',
        '/v3/projects/{other}/tags/none',
        notFound('tag', 'none'),
      ),
    ],
  ))
