import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsManager, notFound, withWorld } from './world.ts'

// PUT /v3-ext/projects/{project_id} (OTC IAM API, "Setting the Status of a Specified Project").

const world = withWorld()
const PATH = '/v3-ext/projects'

it('suspending a project revokes its tokens for good, and new ones are issued when it is normal', async () => {
  const { ask, service } = world()
  const { body } = await ask('POST', '/v3/projects', { project: { name: 'frozen' } })
  const { id } = body.project
  const setTo = async (status: string) => {
    const answer = await ask('PUT', `${PATH}/${id}`, { project: { status } })
    return [answer.status, answer.text, (await ask('GET', `/v3/projects/${id}`)).body.project.enabled]
  }
  const token = await service.tokenFor('frozen')
  const use = async (given = token) => (await ask('GET', `/v3/${id}/tags`, undefined, given)).status
  expect(await use()).toBe(200)
  expect(await setTo('suspended')).toEqual([204, '', false])
  expect(await use()).toBe(401)
  expect(await setTo('suspended')).toEqual([204, '', false])
  expect(await setTo('normal')).toEqual([204, '', true])
  expect(await use()).toBe(401)
  expect(await use(await service.tokenFor('frozen'))).toBe(200)
})

describe('answers to PUT', () => {
  const path = `${PATH}/{other}`
  const body = { project: { status: 'normal' } }
  const refused = (name: string, project: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PUT', path, expected, { project })
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'PUT', path, body }),
      asked('an unknown id is answered with 404', 'PUT', `${PATH}/none`, notFound('project_id'), body),
      refused(
        'an unknown status is answered with 400',
        { status: 'frozen' },
        bad('project.status', 'normal', 'frozen'),
      ),
      refused('a request without a status is answered with 400', {}, bad('project.status', 'required')),
      asked('a request without a project is answered with 400', 'PUT', path, bad('project', 'required'), {}),
    ],
  )
})
