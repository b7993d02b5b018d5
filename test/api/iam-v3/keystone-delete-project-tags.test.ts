import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { taggedProject, tagsOf } from './tagged-projects.ts'
import { asked, needsManager, notFound, withWorld } from './world.ts'

// DELETE /v3/projects/{project_id}/tags (Keystone v3, "Remove all tags from a project"; D35).

const world = withWorld()

it('all tags of a project are removed, and removing none succeeds', async () => {
  const id = await taggedProject(world(), 'a', 'b')
  for (let i = 0; i < 2; i++) {
    const { status, text } = await world().ask('DELETE', `/v3/projects/${id}/tags`)
    expect([status, text, await tagsOf(world(), id)]).toEqual([204, '', []])
  }
})

describe('answers to DELETE', () =>
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'DELETE', path: '/v3/projects/{other}/tags' }),
      asked('an unknown id is answered with 404', 'DELETE', '/v3/projects/none/tags', notFound('project_id')),
    ],
  ))
