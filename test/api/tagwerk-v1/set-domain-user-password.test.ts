import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'

// W97: PUT /tagwerk/v1/domain/users/{user_id}/password.

const SECRET = 'a new Passphrase 1'
const PATH = '/tagwerk/v1/domain/users'
const world = withAccountWorld()

describe('setting a password', () => {
  it('replaces the old one and revokes the tokens of the user', async () => {
    const { ask, outcome, ids, tokenOf, service, lastLogged } = world()
    const token = await tokenOf('guest', 'guests')
    expect(await outcome('PUT', `${PATH}/${ids.guest}/password`, { password: SECRET })).toEqual([204, null])
    expect((await ask('GET', '/v3/auth/projects', undefined, token)).status).toBe(401)
    expect(await tokenOf('guest', 'guests')).toBe('')
    const body = { user: 'guest', password: SECRET }
    const headers = { 'x-tagwerk-console': '1' }
    expect((await service.call('POST', '/tagwerk/v1/session', { token: null, body, headers })).status).toBe(201)
    const entry = await lastLogged()
    expect(entry).toMatchObject({ event: 'user.updated', target: { id: ids.guest }, detail: { changed: ['password'] } })
    expect(JSON.stringify(entry)).not.toContain(SECRET)
  })

  it('gives a password to a user who had none', async () => {
    const { ask, outcome } = world()
    const { id } = (await ask('POST', PATH, { name: 'robot' })).body
    expect(await outcome('PUT', `${PATH}/${id}/password`, { password: SECRET })).toEqual([204, null])
    expect((await ask('GET', PATH)).body.users).toContainEqual(expect.objectContaining({ id, has_password: true }))
  })

  it('of a user of another domain is answered with 404, and the password stays', async () => {
    const { outcome, ids, tokenOf } = world()
    const path = `${PATH}/${ids.reader}/password`
    expect(await outcome('PUT', path, { password: SECRET }, 'stranger')).toEqual([404, 'user-not-found'])
    expect(await tokenOf('reader', 'default')).not.toBe('')
  })
})

const path = `${PATH}/{reader}/password`
const refused = (name: string, body: unknown, expected: ReturnType<typeof bad>) =>
  asked(name, { method: 'PUT', path, body }, expected)

describe('answers to PUT', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:users:updateUser', { method: 'PUT', path, body: { password: SECRET } }),
      refused('a request without a password is answered with 400', {}, bad('password: is required')),
      refused(
        'a short password is answered with 400, without the password',
        { password: 'short' },
        {
          status: 400,
          body: {
            error_code: 'password-weak',
            error_msg: 'The password is too weak. password: must have at least 8 characters.',
          },
        },
      ),
      refused(
        'a password of 1025 characters is answered with 400',
        { password: 'aB1 '.repeat(257) },
        bad('password: ', '1024'),
      ),
      refused(
        'a number is answered with 400, without the number',
        { password: 12345678 },
        {
          status: 400,
          body: { error_code: 'request-invalid', error_msg: 'The request is invalid. password: must be a string.' },
        },
      ),
      asked(
        'an unknown user is answered with 404',
        { method: 'PUT', path: `${PATH}/none/password`, body: { password: SECRET } },
        tagwerkError(404, 'user-not-found', 'user_id: '),
      ),
    ],
  )
})
