import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, FORBIDDEN, needsToken, PASSWORD, withWorld } from './world.ts'

// POST /v3/users/{user_id}/password (OTC IAM API, "Changing a Password").

const world = withWorld()
const PATH = '/v3/users/{reader}/password'
const bodyOf = (original_password: unknown, password: unknown) => ({ user: { original_password, password } })

describe('answers', () => {
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
      asked('403 to an administrator about another', 'POST', PATH, FORBIDDEN, body),
      asked('403 about another', 'POST', '/v3/users/{admin}/password', FORBIDDEN, body, 'reader'),
      asked('403 about nobody', 'POST', '/v3/users/none/password', FORBIDDEN, body, 'reader'),
      refused('401 to a wrong password', bodyOf('wrong', 'other word 2'), wrong),
      refused('401 to a wrong password before the new one is looked at', bodyOf('wrong', 'x'), wrong),
      refused('400 to 7 characters', bodyOf(PASSWORD, 'abc-123'), weak('8 characters')),
      refused('400 to the same again', bodyOf(PASSWORD, PASSWORD), weak('original')),
      refused('400 without the original', { user: { password: 'other word 2' } }, bad('user.original_password')),
      refused('400 without a new one', { user: { original_password: PASSWORD } }, bad('user.password', 'required')),
      refused('400 to 1025 characters', bodyOf('x'.repeat(1025), 'other word 2'), bad('user.original_password')),
      refused('400 to what is no text', bodyOf(PASSWORD, 12345678), bad('user.password', 'string')),
      refused('400 without a user', {}, bad('user', 'required')),
    ],
  )
})

describe("changes the caller's own password", () => {
  it('and ends all tokens so far, also that of the call', async () => {
    const { ask, tokenOf } = world()
    const [one, two] = [await tokenOf('reader', 'default'), await tokenOf('reader', 'default')]
    const changed = await ask('POST', PATH, bodyOf(PASSWORD, 'other word 2'), one)
    expect([changed.status, changed.text]).toEqual([204, ''])
    for (const token of [one, two]) expect((await ask('GET', '/v3/auth/projects', undefined, token)).status).toBe(401)
    expect(await tokenOf('reader', 'default')).toBe('')
  })

  it('and lets in with the new one', async () => {
    const { service } = world()
    const user = { name: 'reader', password: 'other word 2', domain: { name: 'default' } }
    const scope = { project: { name: 'default' } }
    const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } }
    const answer = await service.call('POST', '/v3/auth/tokens', { body, token: null })
    const token = answer.headers.get('x-subject-token') as string
    expect((await service.call('GET', '/v3/auth/projects', { token })).status).toBe(200)
  })
})
