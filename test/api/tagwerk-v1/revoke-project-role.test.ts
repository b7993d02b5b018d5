import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'
import { rolesOf, systemRole, USERS } from './role-calls.ts'

// W107: DELETE /tagwerk/v1/domain/users/{user_id}/projects/{project_id}/roles/{role_id}.

const world = withAccountWorld()
const revoke = (user: string, project: string, role: string, token?: string) =>
  world().outcome('DELETE', `${USERS}/${user}/projects/${project}/roles/${role}`, undefined, token)

describe('taking a role in a project', () => {
  it('leaves the other projects', async () => {
    const { ask, ids, tokenOf } = world()
    const role = await systemRole(world(), 'readonly')
    await ask('PUT', `${USERS}/${ids.guest}/projects/${ids.other}/roles/${role}`)
    expect(await revoke(ids.guest!, ids.other!, role)).toEqual([204, null])
    expect(await rolesOf(world(), ids.guest!)).toEqual(['Tenant Guest in guests'])
    expect(await tokenOf('guest', 'other')).toBe('')
    expect(await revoke(ids.guest!, ids.other!, role)).toEqual([404, 'role-not-found'])
  })

  it('that the user has in the whole domain is answered with 404', async () => {
    const { ids } = world()
    const role = await systemRole(world(), 'readonly')
    expect(await revoke(ids.watcher!, ids.other!, role)).toEqual([404, 'role-not-found'])
  })

  it('from a user of another domain is answered with 404, and the user keeps the role', async () => {
    const { ids } = world()
    const role = await systemRole(world(), 'readonly')
    expect(await revoke(ids.reader!, ids.project!, role, 'stranger')).toEqual([404, 'user-not-found'])
    expect(await rolesOf(world(), ids.reader!)).toEqual(['Tenant Guest in default'])
  })
})

describe('answers to DELETE', () => {
  const path = `${USERS}/{reader}/projects/{project}/roles/none`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:permissions:revokeRoleFromUserOnProject', { method: 'DELETE', path }),
      asked(
        'an unknown role is answered with 404',
        { method: 'DELETE', path },
        tagwerkError(404, 'role-not-found', '"none"'),
      ),
      asked(
        'an unknown project is answered with 404',
        { method: 'DELETE', path: `${USERS}/{reader}/projects/none/roles/none` },
        tagwerkError(404, 'project-not-found'),
      ),
    ],
  )
})
