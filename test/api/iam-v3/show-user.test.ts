import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3.0/OS-USER/users/{user_id} (Huawei Cloud IAM, "Querying User Details (Recommended)").

const world = withWorld()
const PATH = '/v3.0/OS-USER/users'

it.each(['domain', 'watcher', 'reader'])('the details of a user are shown to the token "%s"', async (token) => {
  const { ask, ids, service } = world()
  const { status, body } = await ask('GET', `${PATH}/{reader}`, undefined, token)
  expect([status, body]).toEqual([
    200,
    {
      user: {
        id: ids.reader,
        name: 'reader',
        domain_id: ids.domain,
        enabled: true,
        description: '',
        email: '',
        areacode: '',
        phone: '',
        xuser_id: '',
        xuser_type: '',
        pwd_status: false,
        is_domain_owner: false,
        access_mode: 'default',
        links: { self: `${service.url}${PATH}/${ids.reader}` },
      },
    },
  ])
})

it('a user without a password has the access mode programmatic', async () => {
  const { ask } = world()
  const user = { name: 'machine', description: 'Builds.', email: 'm@example.com', enabled: false }
  const { body } = await ask('POST', '/v3/users', { user })
  const shown = await ask('GET', `${PATH}/${body.user.id}`)
  expect(shown.body.user).toMatchObject({ ...user, access_mode: 'programmatic' })
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: `${PATH}/{reader}` }),
      asked(
        'a user who asks for another user is answered with 403',
        'GET',
        `${PATH}/{guest}`,
        FORBIDDEN,
        undefined,
        'reader',
      ),
      asked(
        'a user who asks for an unknown user is answered with 403',
        'GET',
        `${PATH}/none`,
        FORBIDDEN,
        undefined,
        'reader',
      ),
      asked(
        'an administrator of one project is answered with 403',
        'GET',
        `${PATH}/{reader}`,
        FORBIDDEN,
        undefined,
        'project',
      ),
      asked('an unknown id is answered with 404', 'GET', `${PATH}/none`, notFound('user_id', 'none')),
      asked('a name instead of an id is answered with 404', 'GET', `${PATH}/reader`, notFound('user_id')),
    ],
  ))
