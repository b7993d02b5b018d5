import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { taggedProject } from './tagged-projects.ts'
import { asked, FORBIDDEN, needsToken, notFound, statusOnly, withWorld } from './world.ts'

// GET and HEAD /v3/projects/{project_id}/tags/{tag} (Keystone v3, "Check if project contains tag"; D35).

const world = withWorld()
const PATH = '/v3/projects/{project}/tags'

it.each(['GET', 'HEAD'])(
  '%s answers 204 for a tag that the project has, in the same letter case, and 404 otherwise',
  async (method) => {
    const { ask } = world()
    const id = await taggedProject(world(), 'a', '标 签')
    for (const [tag, status] of [
      ['a', 204],
      [encodeURIComponent('标 签'), 204],
      ['A', 404],
      ['a%2Cb', 404],
    ]) {
      const answer = await ask(method, `/v3/projects/${id}/tags/${tag}`)
      expect([tag, answer.status]).toEqual([tag, status])
    }
  },
)

describe.each(['GET', 'HEAD'])('answers to %s', (method) => {
  const show = method === 'HEAD' ? statusOnly : (expected: ReturnType<typeof notFound>) => expected
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method, path: `${PATH}/a` }),
      asked('a tag that the project lacks is answered with 404', method, `${PATH}/none`, show(notFound('tag', 'none'))),
      asked('an unknown id is answered with 404', method, '/v3/projects/none/tags/a', show(notFound('project_id'))),
      asked(
        'a reader of one project who asks for another project is answered with 403',
        method,
        '/v3/projects/{other}/tags/a',
        show(FORBIDDEN),
        undefined,
        'reader',
      ),
    ],
  )
})
