import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { ID } from './accounts.ts'
import { give, newPolicy, policyOf } from './policies.ts'
import { asked, bad, conflict, forbidden, NAME_TAKEN, needsManager, withWorld } from './world.ts'

// POST /v3.0/OS-ROLE/roles (OTC IAM API, "Creating a Custom Policy for Cloud Services").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'

describe('creating a custom policy', () => {
  it('a created policy is shown in the documented form', async () => {
    const { ask, ids, service } = world()
    const policy = {
      Version: '1.1',
      Statement: [
        { Effect: 'Allow', Action: ['ims:images:update'], Resource: ['*'] },
        policyOf(['tms:*:*'], 'Deny').Statement[0],
      ],
    }
    const sent = { display_name: 'Taggers', type: 'AX', description: 'May tag.', description_cn: '标签', policy }
    const { status, body } = await ask('POST', PATH, { role: sent })
    expect([status, body]).toEqual([
      201,
      {
        role: {
          ...sent,
          id: ID,
          name: `custom_${body.role.id}`,
          catalog: 'CUSTOMED',
          domain_id: ids.domain,
          created_time: expect.stringMatching(/^\d{13}$/),
          updated_time: body.role.created_time,
          links: { self: `${service.url}/v3/roles/${body.role.id}`, previous: null, next: null },
        },
      },
    ])
  })

  it('null is accepted for omitted descriptions, and for no other member', async () => {
    const role = { display_name: 'Of nulls', type: 'XA', policy: policyOf(['ims:*:*']) }
    const create = (own: object) => world().ask('POST', PATH, { role: { ...role, ...own } })
    const { status, body } = await create({ description: null, description_cn: null })
    expect([status, body.role]).toMatchObject([201, { description: '', description_cn: '' }])
    for (const name of ['display_name', 'type', 'policy']) {
      const refused = await create({ [name]: null })
      expect([name, refused.status, refused.body.error.message]).toEqual([name, 400, expect.stringContaining(name)])
    }
  })

  it('a custom policy allows exactly its actions, and tokens show it', async () => {
    const { ask, newUser, service, tokenOf } = world()
    const role = await newPolicy(world(), 'Readers of databases', ['gaussdb:*:list*'])
    await give(world(), 'projects/{project}', await newUser('narrow'), role.id)
    const token = await tokenOf('narrow', 'default')
    expect((await ask('GET', '/v3/{project}/tags', undefined, token)).status).toBe(200)
    expect((await ask('GET', '/v2/{project}/images/tags', undefined, token)).status).toBe(403)
    expect((await ask('GET', `/v3/projects?name=default`, undefined, token)).body.projects).toHaveLength(1)
    const headers = { 'x-subject-token': token }
    const { body } = await service.call('GET', '/v3/auth/tokens', { token, headers })
    expect(body.token.roles).toEqual([{ id: '0', name: role.name }])
  })

  it('a Deny overrides what other roles allow, also those of an administrator', async () => {
    const { ask, newUser, tokenOf } = world()
    const id = await newUser('halved')
    const { body } = await ask('GET', '/v3/roles?name=te_admin')
    await give(world(), 'domains/{domain}', id, body.roles[0].id)
    await give(world(), 'projects/{project}', id, (await newPolicy(world(), 'No lists', ['*:*:List*'], 'Deny')).id)
    const [here, there] = [await tokenOf('halved', 'default'), await tokenOf('halved', 'other')]
    const statuses = [here, there].map(async (token, i) => {
      const path = i === 0 ? '/v3/{project}/tags' : '/v3/{other}/tags'
      return (await ask('GET', path, undefined, token)).status
    })
    expect(await Promise.all(statuses)).toEqual([403, 200])
    const refused = await ask('GET', '/v3/projects', undefined, here)
    expect({ status: refused.status, body: refused.body }).toEqual(
      forbidden('The call needs the action iam:projects:listProjects, which a policy of the user denies here.'),
    )
  })
})

describe('answers to POST', () => {
  const good = { display_name: 'Good', type: 'XA', description: '', policy: policyOf(['ims:images:list']) }
  const refused = (name: string, own: object, expected: ReturnType<typeof bad>) =>
    asked(name, 'POST', PATH, expected, { role: { ...good, ...own } })
  const wrong = (name: string, policy: unknown, ...fragments: string[]) =>
    refused(
      `a policy with ${name} is answered with 400`,
      { policy },
      iamError(400, 'Bad Request', says('The policy is invalid.', ...fragments)),
    )
  const [statement] = policyOf(['ims:images:list']).Statement
  const within = (own: object) => ({ Version: '1.1', Statement: [{ ...statement, ...own }] })
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'POST', path: PATH, body: { role: good } }),
      asked(
        'a request with all values at their limits is answered with 201',
        'POST',
        PATH,
        { status: 201 },
        {
          role: { ...good, display_name: 'x'.repeat(128), description: 'x'.repeat(255) },
        },
      ),
      refused(
        'a name that is taken is answered with 409',
        { display_name: 'Taggers' },
        conflict(NAME_TAKEN, 'role.display_name'),
      ),
      refused(
        'a name of 129 characters is answered with 400',
        { display_name: 'x'.repeat(129) },
        bad('display_name', '128', '129'),
      ),
      refused('an empty name is answered with 400', { display_name: ' ' }, bad('role.display_name')),
      refused('another type is answered with 400', { type: 'AA' }, bad('role.type', '"AX", "XA"', '"AA"')),
      refused(
        'a description of 256 characters is answered with 400',
        { description: 'x'.repeat(256) },
        bad('255', '256'),
      ),
      refused('a request without a policy is answered with 400', { policy: undefined }, bad('role.policy', 'required')),
      asked('a request without a role is answered with 400', 'POST', PATH, bad('role', 'required'), {}),
      wrong('a value that is not an object', 'Allow', 'role.policy', 'an object'),
      wrong('another version', { ...good.policy, Version: '5.0' }, 'role.policy.Version', '"5.0"'),
      wrong('no statement', { Version: '1.1', Statement: [] }, 'role.policy.Statement', '1 item'),
      wrong('9 statements', { Version: '1.1', Statement: Array(9).fill(statement) }, 'Statement', 'at most 8'),
      wrong('another effect', within({ Effect: 'allow' }), 'role.policy.Statement[0].Effect', '"Allow", "Deny"'),
      wrong('no action', within({ Action: [] }), 'Statement[0].Action', '1 item'),
      wrong('101 actions', within({ Action: Array(101).fill('a:b:c') }), 'Statement[0].Action', 'at most 100'),
      wrong('an action of two parts', within({ Action: ['a:b:c', 'a:b'] }), 'Statement[0].Action[1]', '"a:b"'),
      wrong('a service in capitals', within({ Action: ['IMS:images:list'] }), 'Action[0]', 'IMS'),
      wrong('a condition', within({ Condition: {} }), 'Statement[0].Condition', 'not a known member'),
      wrong('some resources', within({ Resource: ['ims:*:*:image:1'] }), 'Statement[0].Resource[0]', 'ims:*:*:image:1'),
    ],
  )
})
