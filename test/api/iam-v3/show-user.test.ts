import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3.0/OS-USER/users/{user_id} (Huawei Cloud IAM, "Querying User Details (Recommended)").

const world = withWorld()
const PATH = '/v3.0/OS-USER/users'

it.each(['domain', 'watcher', 'reader'])('shows a user to %s', async (token) => {
  const { ask, ids, service } = world()
  const { status, body } = await ask('GET', `${PATH}/{reader}`, undefined, token)
  expect([status, body]).toEqual([
    200,
    {
      user: {
        ...{ id: ids.reader, name: 'reader', domain_id: ids.domain, enabled: true, description: '', email: '' },
        ...{ areacode: '', phone: '', xuser_id: '', xuser_type: '' },
        ...{ pwd_status: false, is_domain_owner: false, access_mode: 'default' },
        links: { self: `${service.url}${PATH}/${ids.reader}` },
      },
    },
  ])
})

it('says of a user without a password that there are only keys', async () => {
  const { ask } = world()
  const user = { name: 'machine', description: 'Builds.', email: 'm@example.com', enabled: false }
  const { body } = await ask('POST', '/v3/users', { user })
  const shown = await ask('GET', `${PATH}/${body.user.id}`)
  expect(shown.body.user).toMatchObject({ ...user, access_mode: 'programmatic' })
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: `${PATH}/{reader}` }),
      asked('403 to a user about another', 'GET', `${PATH}/{guest}`, FORBIDDEN, undefined, 'reader'),
      asked('403 to a user about nobody', 'GET', `${PATH}/none`, FORBIDDEN, undefined, 'reader'),
      asked('403 to an administrator of one project', 'GET', `${PATH}/{reader}`, FORBIDDEN, undefined, 'project'),
      asked('404 to an unknown id', 'GET', `${PATH}/none`, notFound('user_id', 'none')),
      asked('404 to a name', 'GET', `${PATH}/reader`, notFound('user_id')),
    ],
  ))
