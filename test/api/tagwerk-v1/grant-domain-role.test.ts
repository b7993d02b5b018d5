import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'
import { newRole, ROLES, rolesOf, systemRole, USERS } from './role-calls.ts'

// W104: PUT /tagwerk/v1/domain/users/{user_id}/roles/{role_id}.

const world = withAccountWorld()
const grant = (user: string, role: string, token?: string) =>
  world().outcome('PUT', `${USERS}/${user}/roles/${role}`, undefined, token)

describe('giving a role in the whole domain', () => {
  it('counts in each of its projects, and giving it again changes nothing', async () => {
    const { newUser, tokenOf, lastLogged } = world()
    const user = await newUser('ann')
    const role = await systemRole(world(), 'readonly')
    expect([await grant(user, role), await grant(user, role)]).toEqual([
      [204, null],
      [204, null],
    ])
    expect(await rolesOf(world(), user)).toEqual(['Tenant Guest'])
    expect(await tokenOf('ann', 'other')).not.toBe('')
    expect(await lastLogged()).toMatchObject({
      event: 'role.assigned',
      target: { id: user, name: 'ann' },
      detail: { scope: 'domain', role: 'readonly' },
    })
  })

  it('the last administrator gets no custom role, which may hold a Deny', async () => {
    const role = await newRole(world(), 'Tagger', 'a:b:c')
    const { ask, ids } = world()
    const { status, body } = await ask('PUT', `${USERS}/${ids.admin}/roles/${role}`)
    expect({ status, body }).toEqual(tagwerkError(409, 'last-administrator', 'can have system roles only'))
  })

  it('a user gets at most 20 custom roles in the domain', async () => {
    const { ask, ids } = world()
    for (let i = 0; i < 20; i++) await grant(ids.guest!, await newRole(world(), `Role ${i}`, 'a:b:c'))
    const one = await newRole(world(), 'One more', 'a:b:c')
    const { status, body } = await ask('PUT', `${USERS}/${ids.guest}/roles/${one}`)
    expect({ status, body }).toEqual(tagwerkError(409, 'role-quota-exceeded', 'custom roles of the user there: ', '20'))
  })

  it('a user or a role of another domain is answered with 404, and nothing changes', async () => {
    const { ids, ask } = world()
    const role = await systemRole(world(), 'te_admin')
    expect(await grant(ids.reader!, role, 'stranger')).toEqual([404, 'user-not-found'])
    expect(await rolesOf(world(), ids.reader!)).toEqual(['Tenant Guest in default'])
    const body = {
      display_name: 'Theirs',
      scope: 'domain',
      policy: { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['a:b:c'] }] },
    }
    const theirs = (await ask('POST', ROLES, body, 'stranger')).body.id
    expect(await grant(ids.reader!, theirs)).toEqual([404, 'role-not-found'])
  })
})

describe('answers to PUT', () => {
  const path = `${USERS}/{reader}/roles/none`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:permissions:grantRoleToUserOnDomain', { method: 'PUT', path }),
      asked(
        'an unknown role is answered with 404',
        { method: 'PUT', path },
        tagwerkError(404, 'role-not-found', 'role_id: must be the id of a role that the domain knows', '"none"'),
      ),
      asked(
        'an unknown user is answered with 404',
        { method: 'PUT', path: `${USERS}/none/roles/none` },
        tagwerkError(404, 'user-not-found', 'user_id: '),
      ),
    ],
  )
})
