import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { manyTags, TAGS_MAX, taggedProject, tagsOf } from './tagged-projects.ts'
import { asked, bad, needsManager, notFound, withWorld } from './world.ts'

// PUT /v3/projects/{project_id}/tags/{tag} (Keystone v3, "Add single tag to a project"; D35).

const world = withWorld()
const PATH = '/v3/projects/{other}/tags'

it('a tag is added after the others, and adding it again changes nothing', async () => {
  const { ask, service } = world()
  const id = await taggedProject(world(), 'z')
  for (const tag of ['a', '标 签', 'a']) {
    const path = `/v3/projects/${id}/tags/${encodeURIComponent(tag)}`
    const { status, text, headers } = await ask('PUT', path)
    expect([status, text, headers.get('location')]).toEqual([201, '', service.url + path])
  }
  expect(await tagsOf(world(), id)).toEqual(['z', 'a', '标 签'])
})

it('the 81st tag of a project is answered with 400, and a tag that it has is not', async () => {
  const { ask } = world()
  const id = await taggedProject(world(), ...manyTags(TAGS_MAX))
  const { status, body } = await ask('PUT', `/v3/projects/${id}/tags/one-more`)
  expect({ status, body }).toEqual(bad('tags', 'at most 80'))
  expect((await ask('PUT', `/v3/projects/${id}/tags/t0`)).status).toBe(201)
  expect(await tagsOf(world(), id)).toEqual(manyTags(TAGS_MAX))
})

describe('answers to PUT', () =>
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'PUT', path: `${PATH}/a` }),
      asked('an unknown id is answered with 404', 'PUT', '/v3/projects/none/tags/a', notFound('project_id')),
      asked('a tag with a comma is answered with 400', 'PUT', `${PATH}/a,b`, bad('tag', 'a,b')),
      asked('a tag with an encoded slash is answered with 400', 'PUT', `${PATH}/a%2Fb`, bad('tag', 'a/b')),
      asked(
        'a tag of 256 characters is answered with 400',
        'PUT',
        `${PATH}/${'x'.repeat(256)}`,
        bad('tag', '255', '256'),
      ),
    ],
  ))
