import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'

// W98: DELETE /tagwerk/v1/domain/users/{user_id}.

const PATH = '/tagwerk/v1/domain/users'
const world = withAccountWorld()

describe('deleting a user', () => {
  it('deletes its tokens, roles and access keys', async () => {
    const { ask, outcome, ids, tokenOf, newUser, lastLogged } = world()
    const token = await tokenOf('guest', 'guests')
    expect(await outcome('DELETE', `${PATH}/${ids.guest}`)).toEqual([204, null])
    expect(await lastLogged()).toMatchObject({ event: 'user.deleted', target: { id: ids.guest, name: 'guest' } })
    expect((await ask('GET', '/v3/auth/projects', undefined, token)).status).toBe(401)
    expect(await outcome('DELETE', `${PATH}/${ids.guest}`)).toEqual([404, 'user-not-found'])
    await newUser('guest')
    expect(await tokenOf('guest', 'guests')).toBe('')
  })

  it('the last administrator of a domain cannot be deleted', async () => {
    expect(await world().outcome('DELETE', `${PATH}/${world().ids.admin}`)).toEqual([409, 'last-administrator'])
  })

  it('of another domain is answered with 404, and the user stays', async () => {
    const { outcome, ids, tokenOf } = world()
    expect(await outcome('DELETE', `${PATH}/${ids.reader}`, undefined, 'stranger')).toEqual([404, 'user-not-found'])
    expect(await tokenOf('reader', 'default')).not.toBe('')
  })
})

describe('answers to DELETE', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:users:deleteUser', { method: 'DELETE', path: `${PATH}/{reader}` }),
      asked(
        'an unknown id is answered with 404 and the id',
        { method: 'DELETE', path: `${PATH}/none` },
        tagwerkError(404, 'user-not-found', 'user_id: ', '"none"'),
      ),
    ],
  )
})
