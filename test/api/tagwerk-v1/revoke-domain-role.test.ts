import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'
import { rolesOf, systemRole, USERS } from './role-calls.ts'

// W105: DELETE /tagwerk/v1/domain/users/{user_id}/roles/{role_id}.

const world = withAccountWorld()
const revoke = (user: string, role: string, token?: string) =>
  world().outcome('DELETE', `${USERS}/${user}/roles/${role}`, undefined, token)

describe('taking a role in the whole domain', () => {
  it('counts from the next request, and leaves the roles in projects', async () => {
    const { ask, ids, tokenOf, lastLogged } = world()
    const role = await systemRole(world(), 'readonly')
    await ask('PUT', `${USERS}/${ids.guest}/roles/${role}`)
    const token = await tokenOf('guest')
    const read = async () => (await ask('GET', '/v3/users', undefined, token)).status
    expect(await read()).toBe(200)
    expect(await revoke(ids.guest!, role)).toEqual([204, null])
    expect(await read()).toBe(401)
    expect(await rolesOf(world(), ids.guest!)).toEqual(['Tenant Guest in guests'])
    expect(await lastLogged()).toMatchObject({ event: 'role.unassigned', target: { name: 'guest' } })
  })

  it('that the user has in a project only is answered with 404', async () => {
    const role = await systemRole(world(), 'readonly')
    expect(await revoke(world().ids.reader!, role)).toEqual([404, 'role-not-found'])
  })

  it('the last administrator of a domain keeps its role', async () => {
    const role = await systemRole(world(), 'te_admin')
    expect(await revoke(world().ids.admin!, role)).toEqual([409, 'last-administrator'])
  })

  it('from a user of another domain is answered with 404, and the user keeps the role', async () => {
    const { ids } = world()
    const role = await systemRole(world(), 'readonly')
    expect(await revoke(ids.watcher!, role, 'stranger')).toEqual([404, 'user-not-found'])
    expect(await rolesOf(world(), ids.watcher!)).toEqual(['Tenant Guest'])
  })
})

describe('answers to DELETE', () => {
  const path = `${USERS}/{watcher}/roles/none`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:permissions:revokeRoleFromUserOnDomain', { method: 'DELETE', path }),
      asked(
        'an unknown role is answered with 404',
        { method: 'DELETE', path },
        tagwerkError(404, 'role-not-found', '"none"'),
      ),
    ],
  )
})
