import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { manyTags, TAGS_MAX, taggedProject, tagsOf } from './tagged-projects.ts'
import { asked, bad, needsManager, notFound, withWorld } from './world.ts'

// PUT /v3/projects/{project_id}/tags (Keystone v3, "Modify tag list for a project"; D35).

const world = withWorld()
const PATH = '/v3/projects/{other}/tags'

it('all tags of a project are replaced, and the answer shows the new ones', async () => {
  const { ask, service } = world()
  const id = await taggedProject(world(), 'old', 'kept')
  const replace = async (tags: readonly string[]) => {
    const { status, body } = await ask('PUT', `/v3/projects/${id}/tags`, { tags })
    expect([status, body]).toEqual([200, { tags, links: { self: `${service.url}/v3/projects/${id}/tags` } }])
    expect(await tagsOf(world(), id)).toEqual(tags)
  }
  await replace(['new', 'kept', 'Kept'])
  await replace(['标'.repeat(255), ' ', '"'])
  await replace(manyTags(TAGS_MAX))
  await replace([])
})

describe('answers to PUT', () => {
  const refused = (name: string, tags: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PUT', PATH, expected, { tags })
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'PUT', path: PATH, body: { tags: ['a'] } }),
      asked('an unknown id is answered with 404', 'PUT', '/v3/projects/none/tags', notFound('project_id'), {
        tags: [],
      }),
      asked('a request without tags is answered with 400', 'PUT', PATH, bad('tags', 'required'), {}),
      refused('a tag with a comma is answered with 400', ['a', 'b,c'], bad('tags[1]', 'b,c')),
      refused('a tag with a slash is answered with 400', ['b/c'], bad('tags[0]', 'b/c')),
      refused('an empty tag is answered with 400', [''], bad('tags[0]')),
      refused('a tag of 256 characters is answered with 400', ['x'.repeat(256)], bad('tags[0]', '255', '256')),
      refused('a tag twice is answered with 400', ['a', 'b', 'a'], bad('tags[0]', 'twice', '"a"')),
      refused('81 tags are answered with 400', manyTags(TAGS_MAX + 1), bad('tags', '80')),
      refused('a tag that is a number is answered with 400', [1], bad('tags[0]', 'a string')),
    ],
  )
})
