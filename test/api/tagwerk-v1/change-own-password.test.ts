import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { makeUser } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, PASSWORD, withAccountWorld } from './account-calls.ts'
import { consoleOf } from './session-calls.ts'

// W112: PUT /tagwerk/v1/session/password.

const NEW = 'other word 2'
const PATH = '/tagwerk/v1/session/password'
const world = withAccountWorld()
const newReader = (name: string) => {
  const { service, target } = world()
  return makeUser(service, target.tokens.domain ?? '', name, { project: service.project, role: 'readonly' })
}
const bodyOf = (original_password: unknown, password: unknown) => ({ original_password, password })

describe('changing the own password', () => {
  it('by a session ends all tokens and sessions of the user, and is in the account log without the password', async () => {
    const { ask, tokenOf, service, lastLogged } = world()
    const [name, id] = ['changer', await newReader('changer')]
    const [mine, other] = [await consoleOf(service, name, PASSWORD), await consoleOf(service, name, PASSWORD)]
    const token = await tokenOf(name, 'default')
    const answer = await mine('PUT', PATH, { body: bodyOf(PASSWORD, NEW) })
    expect([answer.status, answer.text]).toEqual([204, ''])
    for (const session of [mine, other]) expect((await session('GET', '/tagwerk/v1/session')).status).toBe(401)
    expect((await ask('GET', '/v3/auth/projects', undefined, token)).status).toBe(401)
    const entry = await lastLogged()
    expect(entry).toMatchObject({ event: 'user.updated', target: { id }, user: { id, name } })
    expect(JSON.stringify(entry)).not.toContain(NEW)
    const again = await consoleOf(service, name, NEW)
    expect((await again('GET', '/tagwerk/v1/session')).status).toBe(200)
  })

  it('is refused for a minute after ten wrong original passwords, like a log-in', async () => {
    const { service } = world()
    const name = 'guesser'
    await newReader(name)
    const call = await consoleOf(service, name, PASSWORD)
    const outcome = async (original: string) => {
      const { status, body } = await call('PUT', PATH, { body: bodyOf(original, NEW) })
      return [status, body.error_code]
    }
    for (let at = 0; at < 10; at++) expect(await outcome(`wrong ${at}`)).toEqual([400, 'password-wrong'])
    expect(await outcome(PASSWORD)).toEqual([429, 'throttled'])
    const body = { user: name, password: PASSWORD }
    const headers = { 'x-tagwerk-console': '1' }
    expect((await service.call('POST', '/tagwerk/v1/session', { token: null, body, headers })).status).toBe(429)
    expect((await call('GET', '/tagwerk/v1/session')).status).toBe(200)
  })
})

describe('answers to PUT', () => {
  const refused = (name: string, body: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, { method: 'PUT', path: PATH, body, token: 'reader' }, expected)
  const weak = (...fragments: string[]) => tagwerkError(400, 'password-weak', 'password', ...fragments)
  runScenarios(
    () => world().target,
    [
      asked(
        'a request without a token is answered with 401',
        { method: 'PUT', path: PATH, body: bodyOf(PASSWORD, NEW), token: null },
        tagwerkError(401, 'token-missing'),
      ),
      refused(
        'a wrong original password is answered with 400',
        bodyOf('wrong', NEW),
        tagwerkError(400, 'password-wrong'),
      ),
      refused(
        'a wrong original password comes before a weak new one',
        bodyOf('wrong', 'x'),
        tagwerkError(400, 'password-wrong'),
      ),
      refused('a password of 7 characters is answered with 400', bodyOf(PASSWORD, 'abc-123'), weak('8 characters')),
      refused('the original password again is answered with 400', bodyOf(PASSWORD, PASSWORD), weak('original')),
      refused(
        'a request without the original password is answered with 400',
        { password: NEW },
        bad('original_password'),
      ),
      refused('a request without the new password is answered with 400', bodyOf(PASSWORD, undefined), bad('password')),
      refused(
        'a member that does not exist is answered with 400',
        { ...bodyOf(PASSWORD, NEW), user: 'admin' },
        bad('user: is not a known member'),
      ),
    ],
  )
})
