import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3-ext/projects/{project_id} (OTC IAM API, "Querying Information and Status of a Specified Project").

const world = withWorld()
const PATH = '/v3-ext/projects'

it.each(['domain', 'project', 'reader', 'watcher'])(
  'a project is shown with its status to the token "%s"',
  async (token) => {
    const { ask } = world()
    const { body: plain } = await ask('GET', '/v3/projects/{project}')
    const { status, body } = await ask('GET', `${PATH}/{project}`, undefined, token)
    expect([status, body]).toEqual([200, { project: { ...plain.project, status: 'normal' } }])
  },
)

it('a disabled project is suspended, and shown only to callers who may manage projects', async () => {
  const { ask } = world()
  const { body } = await ask('POST', '/v3/projects', { project: { name: 'shut', enabled: false } })
  const path = `${PATH}/${body.project.id}`
  expect((await ask('GET', path)).body.project).toEqual({ ...body.project, status: 'suspended' })
  expect((await ask('GET', path, undefined, 'project')).status).toBe(403)
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: `${PATH}/{project}` }),
      asked('an unknown id is answered with 404', 'GET', `${PATH}/none`, notFound('project_id', 'none')),
      asked(
        'a reader of one project who asks for another project is answered with 403',
        'GET',
        `${PATH}/{other}`,
        FORBIDDEN,
        undefined,
        'reader',
      ),
    ],
  ))
