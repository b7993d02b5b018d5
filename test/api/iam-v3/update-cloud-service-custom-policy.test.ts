import { beforeAll, describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { give, newPolicy, policyOf } from './policies.ts'
import { asked, bad, conflict, NAME_TAKEN, needsManager, notFound, withWorld } from './world.ts'

// PATCH /v3.0/OS-ROLE/roles/{role_id} (OTC IAM API, "Modifying a Custom Policy for Cloud Services").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'
const BODY = { role: { description: 'no' } }

let id: string
beforeAll(async () => {
  id = (await newPolicy(world(), 'Readers', ['gaussdb:*:list*'])).id
  await newPolicy(world(), 'Others', ['gaussdb:*:list*'])
})
const change = (role: object) => world().ask('PATCH', `${PATH}/${id}`, { role })

describe('updating a custom policy', () => {
  it('only the given members of a policy change, and the answer shows them', async () => {
    const { ask } = world()
    const before = (await ask('GET', `/v3/roles/${id}`)).body.role
    const changed = await change({ description: 'new', description_cn: '新', type: 'AX' })
    expect(changed.status).toBe(200)
    const updated_time = expect.stringMatching(/^\d{13}$/)
    expect(changed.body.role).toEqual({
      ...before,
      description: 'new',
      description_cn: '新',
      type: 'AX',
      updated_time,
    })
    expect((await change({ display_name: 'Lists' })).body.role).toMatchObject({ description: 'new', name: before.name })
    expect((await change({ display_name: 'Lists' })).status).toBe(200)
    expect((await ask('GET', `/v3/roles/${id}`)).body.role.display_name).toBe('Lists')
  })

  it('null changes nothing', async () => {
    const before = (await world().ask('GET', `/v3/roles/${id}`)).body.role
    const nothing = { display_name: null, type: null, description: null, description_cn: null, policy: null }
    const { status, body } = await change(nothing)
    expect([status, body.role]).toEqual([200, { ...before, updated_time: body.role.updated_time }])
  })

  it('a policy change applies to existing tokens from the next request on', async () => {
    const { ask, newUser, tokenOf } = world()
    await give(world(), 'projects/{project}', await newUser('holder'), id)
    const token = await tokenOf('holder', 'default')
    const status = async () => (await ask('GET', '/v3/{project}/tags', undefined, token)).status
    expect(await status()).toBe(200)
    await change({ policy: policyOf(['ims:*:*']) })
    expect(await status()).toBe(403)
    await change({ policy: policyOf(['gaussdb:*:*']) })
    expect(await status()).toBe(200)
    await change({ policy: policyOf(['gaussdb:*:*'], 'Deny') })
    expect(await status()).toBe(403)
  })
})

describe('answers to PATCH', () => {
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'PATCH', path: `${PATH}/none`, body: BODY }),
      asked('an unknown id is answered with 404', 'PATCH', `${PATH}/none`, notFound('role_id', 'none'), BODY),
      asked(
        'a system role is answered with 404',
        'PATCH',
        `${PATH}/b3a1c5d0e64f4c0f9a7d2e8f10000002`,
        notFound('role_id'),
        BODY,
      ),
      asked('a request without a role is answered with 400', 'PATCH', `${PATH}/none`, bad('role', 'required'), {}),
      asked('another type is answered with 400', 'PATCH', `${PATH}/none`, bad('role.type'), { role: { type: 'XX' } }),
      asked(
        'an invalid policy is answered with 400',
        'PATCH',
        `${PATH}/none`,
        iamError(400, 'Bad Request', says('The policy is invalid.', 'role.policy.Statement', 'required')),
        { role: { policy: { Version: '1.1' } } },
      ),
    ],
  )

  it('a name that is taken is answered with 409', async () => {
    const { status, body } = await change({ display_name: 'Others' })
    expect({ status, body }).toEqual(conflict(NAME_TAKEN, 'role.display_name', 'Others'))
  })
})
