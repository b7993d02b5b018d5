import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, FORBIDDEN, needsToken, PASSWORD, withWorld } from './world.ts'

// POST /v3/users/{user_id}/password (OTC IAM API, "Changing a Password").

const world = withWorld()
const PATH = '/v3/users/{reader}/password'
const bodyOf = (original_password: unknown, password: unknown) => ({ user: { original_password, password } })

describe('answers to POST', () => {
  const refused = (name: string, body: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'POST', PATH, expected, body, 'reader')
  const weak = (...fragments: string[]) =>
    iamError(400, 'Bad Request', says('The password does not meet the requirements.', 'user.password', ...fragments))
  const wrong = iamError(401, 'Unauthorized', 'The username or password is wrong.')
  const body = bodyOf(PASSWORD, 'other word 2')
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'POST', path: PATH, body }),
      asked(
        'an administrator who changes the password of another user is answered with 403',
        'POST',
        PATH,
        FORBIDDEN,
        body,
      ),
      asked(
        'a user who changes the password of another user is answered with 403',
        'POST',
        '/v3/users/{admin}/password',
        FORBIDDEN,
        body,
        'reader',
      ),
      asked(
        'a user without access who asks for an unknown user is answered with 403',
        'POST',
        '/v3/users/none/password',
        FORBIDDEN,
        body,
        'reader',
      ),
      refused('a wrong password is answered with 401', bodyOf('wrong', 'other word 2'), wrong),
      refused(
        'a wrong original password is answered with 401 even if the new password is invalid',
        bodyOf('wrong', 'x'),
        wrong,
      ),
      refused('a password of 7 characters is answered with 400', bodyOf(PASSWORD, 'abc-123'), weak('8 characters')),
      refused(
        'a new password equal to the original one is answered with 400',
        bodyOf(PASSWORD, PASSWORD),
        weak('original'),
      ),
      refused(
        'a request without the original password is answered with 400',
        { user: { password: 'other word 2' } },
        bad('user.original_password'),
      ),
      refused(
        'a request without the new password is answered with 400',
        { user: { original_password: PASSWORD } },
        bad('user.password', 'required'),
      ),
      refused(
        'a password of 1025 characters is answered with 400',
        bodyOf('x'.repeat(1025), 'other word 2'),
        bad('user.original_password'),
      ),
      refused(
        'a password that is not a string is answered with 400',
        bodyOf(PASSWORD, 12345678),
        bad('user.password', 'string'),
      ),
      refused('a request without a user is answered with 400', {}, bad('user', 'required')),
    ],
  )
})

describe("changing the caller's own password", () => {
  it('a new password revokes all tokens, also that of the request', async () => {
    const { ask, tokenOf } = world()
    const [one, two] = [await tokenOf('reader', 'default'), await tokenOf('reader', 'default')]
    const changed = await ask('POST', PATH, bodyOf(PASSWORD, 'other word 2'), one)
    expect([changed.status, changed.text]).toEqual([204, ''])
    for (const token of [one, two]) expect((await ask('GET', '/v3/auth/projects', undefined, token)).status).toBe(401)
    expect(await tokenOf('reader', 'default')).toBe('')
  })

  it('the user can log in with the new password', async () => {
    const { service } = world()
    const user = { name: 'reader', password: 'other word 2', domain: { name: 'default' } }
    const scope = { project: { name: 'default' } }
    const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } }
    const answer = await service.call('POST', '/v3/auth/tokens', { body, token: null })
    const token = answer.headers.get('x-subject-token') as string
    expect((await service.call('GET', '/v3/auth/projects', { token })).status).toBe(200)
  })
})
