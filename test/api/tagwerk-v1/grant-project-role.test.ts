import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'
import { rolesOf, systemRole, USERS } from './role-calls.ts'

// W106: PUT /tagwerk/v1/domain/users/{user_id}/projects/{project_id}/roles/{role_id}.

const world = withAccountWorld()
const grant = (user: string, project: string, role: string, token?: string) =>
  world().outcome('PUT', `${USERS}/${user}/projects/${project}/roles/${role}`, undefined, token)

describe('giving a role in a project', () => {
  it('counts in this project only, and giving it again changes nothing', async () => {
    const { newUser, tokenOf, ids, lastLogged } = world()
    const user = await newUser('ann')
    const role = await systemRole(world(), 'te_admin')
    expect(await grant(user, ids.other!, role)).toEqual([204, null])
    expect(await grant(user, ids.other!, role)).toEqual([204, null])
    expect(await rolesOf(world(), user)).toEqual(['Tenant Administrator in other'])
    expect([await tokenOf('ann', 'other'), await tokenOf('ann', 'default')]).toEqual([expect.stringMatching(/./), ''])
    expect(await lastLogged()).toMatchObject({
      event: 'role.assigned',
      target: { name: 'ann' },
      detail: { scope: 'project', scopeId: ids.other, role: 'te_admin' },
    })
  })

  it('a user or a project of another domain is answered with 404, and nothing changes', async () => {
    const { ask, ids } = world()
    const role = await systemRole(world(), 'te_admin')
    expect(await grant(ids.reader!, ids.other!, role, 'stranger')).toEqual([404, 'user-not-found'])
    const { projects } = (await ask('GET', '/tagwerk/v1/domain/projects', undefined, 'stranger')).body
    expect(await grant(ids.reader!, projects[0].id, role)).toEqual([404, 'project-not-found'])
    expect(await rolesOf(world(), ids.reader!)).toEqual(['Tenant Guest in default'])
  })
})

describe('answers to PUT', () => {
  const path = `${USERS}/{reader}/projects/{other}/roles/none`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:permissions:grantRoleToUserOnProject', { method: 'PUT', path }),
      asked(
        'an unknown role is answered with 404',
        { method: 'PUT', path },
        tagwerkError(404, 'role-not-found', '"none"'),
      ),
      asked(
        'an unknown project is answered with 404',
        { method: 'PUT', path: `${USERS}/{reader}/projects/none/roles/none` },
        tagwerkError(404, 'project-not-found', 'project_id: must be the id of a project of the domain'),
      ),
    ],
  )
})
