import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'
import { allowing, newRole, ROLES, systemRole, USERS } from './role-calls.ts'

// W101: PATCH /tagwerk/v1/domain/roles/{role_id}.

const world = withAccountWorld()
const change = (role: string, body: unknown, token?: string) =>
  world().outcome('PATCH', `${ROLES}/${role}`, body, token)

describe('changing a role', () => {
  it('changes the members that are given and keeps the others', async () => {
    const id = await newRole(world(), 'Auditor', 'tagwerk:accountLog:read')
    expect(await change(id, { display_name: 'Inspector', scope: 'domain' })).toMatchObject([
      200,
      { id, display_name: 'Inspector', scope: 'domain', policy: allowing('tagwerk:accountLog:read') },
    ])
    expect(await world().lastLogged()).toMatchObject({
      event: 'policy.updated',
      target: { id, name: 'Auditor' },
      detail: { displayName: 'Inspector' },
    })
  })

  it('counts from the next request of the users who have the role', async () => {
    const { ask, ids, tokenOf } = world()
    const id = await newRole(world(), 'Tagger', 'tagwerk:resources:list')
    await ask('PUT', `${USERS}/${ids.guest}/projects/${ids.other}/roles/${id}`)
    const token = await tokenOf('guest', 'other')
    const list = async () => (await ask('GET', `/tagwerk/v1/${ids.other}/resources`, undefined, token)).status
    expect(await list()).toBe(200)
    expect(await change(id, { policy: allowing('tagwerk:resources:delete') })).toMatchObject([200, {}])
    expect(await list()).toBe(403)
  })

  it('a system role is no role of the domain', async () => {
    const id = await systemRole(world(), 'readonly')
    expect(await change(id, { display_name: 'Everything' })).toEqual([404, 'role-not-found'])
  })

  it('of another domain is answered with 404, and nothing changes', async () => {
    const id = await newRole(world(), 'Mine', 'a:b:c')
    expect(await change(id, { policy: allowing('*:*:*') }, 'stranger')).toEqual([404, 'role-not-found'])
    expect((await world().ask('GET', ROLES)).body.roles).toContainEqual(
      expect.objectContaining({ id, policy: allowing('a:b:c') }),
    )
  })
})

describe('answers to PATCH', () => {
  const path = `${ROLES}/none`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:roles:updateRole', { method: 'PATCH', path, body: {} }),
      asked(
        'an unknown id is answered with 404',
        { method: 'PATCH', path, body: {} },
        tagwerkError(404, 'role-not-found', 'role_id: ', '"none"'),
      ),
      asked(
        'an invalid policy is answered with 400 and its place',
        { method: 'PATCH', path, body: { policy: { Version: '2', Statement: [] } } },
        tagwerkError(400, 'policy-invalid', 'policy.Version: must be one of', '"2"'),
      ),
      asked(
        'an unknown member is answered with 400',
        { method: 'PATCH', path, body: { name: 'x' } },
        bad('name: is not a known member'),
      ),
    ],
  )
})
