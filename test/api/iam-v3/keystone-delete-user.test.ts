import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, conflict, LAST_ADMIN, needsManager, notFound, withWorld } from './world.ts'

// DELETE /v3/users/{user_id} (OTC IAM API, "Deleting a User").

const world = withWorld()

describe('deleting a user', () => {
  it('deleting a user deletes its tokens, roles and access keys', async () => {
    const { ask, tokenOf } = world()
    const token = await tokenOf('guest', 'guests')
    const made = await ask('POST', '/v3.0/OS-CREDENTIAL/credentials', { credential: { user_id: world().ids.guest } })
    const deleted = await ask('DELETE', '/v3/users/{guest}')
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await ask('GET', '/v3/auth/projects', undefined, token)).status).toBe(401)
    expect((await ask('GET', `/v3.0/OS-CREDENTIAL/credentials/${made.body.credential.access}`)).status).toBe(404)
    expect((await ask('GET', '/v3/users/{guest}')).status).toBe(404)
    expect((await ask('DELETE', '/v3/users/{guest}')).status).toBe(404)
    expect(await tokenOf('guest', 'guests')).toBe('')
  })

  it('a new user with the name of a deleted one has none of its roles', async () => {
    const { newUser, tokenOf } = world()
    await newUser('guest')
    expect(await tokenOf('guest', 'guests')).toBe('')
  })

  it('the last administrator of the domain cannot be deleted', async () => {
    const { ask, newUser, ids } = world()
    const refused = await ask('DELETE', '/v3/users/{admin}')
    expect({ status: refused.status, body: refused.body }).toEqual(conflict(LAST_ADMIN))
    const second = await newUser('second')
    const { body } = await ask('GET', '/v3/roles?name=te_admin')
    await ask('PUT', `/v3/domains/{domain}/users/${second}/roles/${body.roles[0].id}`)
    const token = await world().tokenOf('second')
    expect((await ask('DELETE', `/v3/users/${ids.admin}`, undefined, token)).status).toBe(204)
    expect((await ask('DELETE', `/v3/users/${second}`, undefined, token)).status).toBe(409)
  })
})

describe('answers to DELETE', () => {
  const other = withWorld()
  runScenarios(
    () => other().target,
    [
      ...needsManager({ method: 'DELETE', path: '/v3/users/{guest}' }),
      asked('an unknown id is answered with 404', 'DELETE', '/v3/users/none', notFound('user_id', 'none')),
    ],
  )
})
