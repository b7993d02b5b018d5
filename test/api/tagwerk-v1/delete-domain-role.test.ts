import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'
import { newRole, ROLES, systemRole, USERS } from './role-calls.ts'

// W102: DELETE /tagwerk/v1/domain/roles/{role_id}.

const world = withAccountWorld()
const remove = (role: string, token?: string) => world().outcome('DELETE', `${ROLES}/${role}`, undefined, token)

describe('deleting a role', () => {
  it('is refused while a user has it', async () => {
    const { ask, ids } = world()
    const id = await newRole(world(), 'Auditor', 'a:b:c')
    const given = `${USERS}/${ids.guest}/roles/${id}`
    await ask('PUT', given)
    expect(await remove(id)).toEqual([409, 'role-in-use'])
    await ask('DELETE', given)
    expect(await remove(id)).toEqual([204, null])
    expect(await world().lastLogged()).toMatchObject({ event: 'policy.deleted', target: { id, name: 'Auditor' } })
    expect(await remove(id)).toEqual([404, 'role-not-found'])
  })

  it('a system role stays', async () => {
    expect(await remove(await systemRole(world(), 'readonly'))).toEqual([404, 'role-not-found'])
  })

  it('of another domain is answered with 404, and the role stays', async () => {
    const id = await newRole(world(), 'Mine', 'a:b:c')
    expect(await remove(id, 'stranger')).toEqual([404, 'role-not-found'])
    expect(await remove(id)).toEqual([204, null])
  })
})

describe('answers to DELETE', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:roles:deleteRole', { method: 'DELETE', path: `${ROLES}/none` }),
      asked(
        'an unknown id is answered with 404 and the id',
        { method: 'DELETE', path: `${ROLES}/none` },
        tagwerkError(404, 'role-not-found', 'role_id: ', '"none"'),
      ),
    ],
  )
})
