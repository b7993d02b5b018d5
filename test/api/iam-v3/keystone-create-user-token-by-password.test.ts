import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../../support/service.ts'
import { iamError, says } from '../expected.ts'
import { logIn, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { ID, passwordBody, TIME } from './accounts.ts'

// POST /v3/auth/tokens (contract 6.1).

const PATH = '/v3/auth/tokens'

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startTestService()
  target = await targetOf(service, {}, false)
})
afterAll(() => service.stop())

function asked(name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>, query = ''): Scenario {
  return { name, request: { method: 'POST', path: PATH + query, body, token: null }, ...expected }
}

const SUBJECT = { 'x-subject-token': expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) }
const domain = { id: ID, name: 'default' }
const common = {
  methods: ['password'],
  expires_at: TIME,
  issued_at: TIME,
  user: { id: ID, name: 'admin', password_expires_at: '', domain },
  roles: [{ id: '0', name: 'te_admin' }],
}
const projectToken = { ...common, project: { id: ID, name: 'default', domain } }
const domainToken = { ...common, domain }

const forProject = (query = '?nocatalog=1') => ({
  status: 201,
  headers: SUBJECT,
  ...(query === '' ? {} : { body: { token: projectToken } }),
})
const forDomain = { status: 201, headers: SUBJECT, body: { token: domainToken } }

describe('issuing a token', () => {
  const wanted = (name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>) =>
    asked(`a token is issued ${name}`, body, expected, '?nocatalog=1')
  const byName = { project: { name: 'default' } }
  runScenarios(
    () => target,
    [
      wanted('for a project by name', passwordBody(byName), forProject()),
      wanted('for a domain by name', passwordBody({ domain: { name: 'default' } }), forDomain),
      wanted("for the user's domain without scope", passwordBody(), forDomain),
      wanted("for the user's domain with an empty scope", passwordBody({}), forDomain),
      wanted(
        'for the project if both project and domain are given',
        passwordBody({ ...byName, domain: { name: 'default' } }),
        forProject(),
      ),
      wanted(
        'for a project that contains its domain, as keystoneauth sends it',
        passwordBody({ project: { name: 'default', domain: { name: 'default' } } }),
        forProject(),
      ),
      wanted(
        'to a user without a domain, who is looked up in the default domain',
        passwordBody(byName, { name: 'admin' }),
        forProject(),
      ),
      wanted('despite unknown members', { ...passwordBody(byName), other: 1, constructor: null }, forProject()),
      asked('nocatalog may have any value: a token is issued', passwordBody(byName), forProject(), '?nocatalog='),
    ],
  )

  it('a token can be issued for ids instead of names', async () => {
    const { body } = await service.call('POST', PATH, {
      body: passwordBody({ project: { name: 'default' } }),
      token: null,
    })
    const { user, project } = body.token
    const byId = passwordBody({ project: { id: project.id } }, { id: user.id })
    const again = await service.call('POST', `${PATH}?nocatalog=1`, { body: byId, token: null })
    expect(again.body.token).toMatchObject({ user: { id: user.id }, project: { id: project.id } })
    const ofDomain = (id: string) => passwordBody({ project: { id: project.id, domain: { id } } }, { id: user.id })
    expect((await service.call('POST', PATH, { body: ofDomain(user.domain.id), token: null })).status).toBe(201)
    expect((await service.call('POST', PATH, { body: ofDomain('no'), token: null })).status).toBe(403)
    const inDomain = passwordBody({ domain: { id: user.domain.id } }, { name: 'admin', domain: { id: user.domain.id } })
    expect((await service.call('POST', PATH, { body: inDomain, token: null })).body.token.domain.id).toBe(
      user.domain.id,
    )
  })

  it('an issued token is valid for 24 hours', async () => {
    const answer = await service.call('POST', PATH, {
      body: passwordBody({ project: { name: 'default' } }),
      token: null,
    })
    const { issued_at, expires_at } = answer.body.token
    expect(Date.parse(expires_at) - Date.parse(issued_at)).toBe(24 * 3600 * 1000)
    const token = answer.headers.get('x-subject-token') as string
    expect((await service.call('GET', `/v3/${service.project}/tags`, { token })).status).toBe(200)
  })

  it('the endpoints in the catalogue of a token lead to the service', async () => {
    const answer = await service.call('POST', PATH, {
      body: passwordBody({ project: { name: 'default' } }),
      token: null,
    })
    const { catalog } = answer.body.token as { catalog: { type: string; endpoints: Record<string, string>[] }[] }
    const urls = Object.fromEntries(catalog.map(({ type, endpoints }) => [type, endpoints[0]]))
    expect(urls.image).toMatchObject({ interface: 'public', region: 'default', region_id: 'default', url: service.url })
    expect(urls.gaussdb).toMatchObject({ url: `${service.url}/v3/${service.project}` })
    expect(urls.identity).toMatchObject({ region: '*', region_id: '*', url: `${service.url}/v3` })
    for (const entry of catalog) expect(Object.keys(entry).sort()).toEqual(['endpoints', 'id', 'name', 'type'])
  })

  it('the catalogue of a domain token has only global services', async () => {
    const { body } = await service.call('POST', PATH, { body: passwordBody(), token: null })
    const { catalog } = body.token as { catalog: { type: string }[] }
    const types = catalog.map(({ type }) => type)
    expect(types.slice(0, 4)).toEqual(['iam', 'identity', 'tms', 'cc'])
    expect(types).not.toContain('vpc')
  })

  it('the tms address in the catalogue accepts the paths that SDKs append', async () => {
    const { body, headers } = await service.call('POST', PATH, { body: passwordBody(), token: null })
    const { catalog } = body.token as { catalog: { type: string; endpoints: { url: string }[] }[] }
    const tms = catalog.find(({ type }) => type === 'tms')?.endpoints[0]?.url
    expect(tms).toBe(`${service.url}/tms/default/v1.0`)
    const token = headers.get('x-subject-token') as string
    expect((await service.call('GET', '/tms/default/v1.0/predefine_tags', { token })).status).toBe(200)
  })

  it('each issued token is different', async () => {
    const take = async () => {
      const answer = await service.call('POST', PATH, { body: passwordBody(), token: null })
      return answer.headers.get('x-subject-token')
    }
    expect(new Set(await Promise.all([take(), take(), take()])).size).toBe(3)
  })
})

describe('refusing to issue a token', () => {
  const wrong = iamError(401, 'Unauthorized', 'The username or password is wrong.')
  const forbidden = iamError(403, 'Forbidden', 'You have no right to do this action')
  const bad = (...fragments: string[]) =>
    iamError(400, 'Bad Request', says('The request body is invalid', ...fragments))
  const user = (own: object) => passwordBody({ project: { name: 'default' } }, own)
  const refused = (name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>) =>
    asked(`no token is issued for ${name}`, body, expected)
  runScenarios(
    () => target,
    [
      refused('a wrong password', user({ name: 'admin', password: 'no' }), wrong),
      refused('an empty password', user({ name: 'admin', password: '' }), wrong),
      refused('a password of 1024 characters', user({ name: 'admin', password: 'x'.repeat(1024) }), wrong),
      refused('an unknown user, with the same answer', user({ name: 'nobody', password: 'no' }), wrong),
      refused('an unknown user by id', user({ id: 'no' }), wrong),
      refused('an unknown domain of the user', user({ name: 'admin', domain: { name: 'no' } }), wrong),
      refused('a name in another letter case', user({ name: 'Admin' }), wrong),
      refused('a user without name and id', user({}), bad('auth.identity.password.user:', 'id or a name')),
      refused(
        'a user domain without id and name',
        user({ name: 'admin', domain: {} }),
        bad('auth.identity.password.user.domain', 'id or a name'),
      ),
      refused('a user named __proto__', user({ name: '__proto__' }), wrong),
      refused('an unknown project', passwordBody({ project: { name: 'no' } }), forbidden),
      refused('an unknown project by id', passwordBody({ project: { id: 'no' } }), forbidden),
      refused('an unknown domain', passwordBody({ domain: { name: 'no' } }), forbidden),
      refused(
        'a project without id and name',
        passwordBody({ project: {} }),
        bad('auth.scope.project:', 'id or a name'),
      ),
      refused(
        'a project that names only its domain',
        passwordBody({ project: { domain: { name: 'default' } } }),
        bad('auth.scope.project:', 'id or a name'),
      ),
      refused('a domain without id and name', passwordBody({ domain: {} }), bad('auth.scope.domain', 'id or a name')),
      refused(
        'a project domain without id and name',
        passwordBody({ project: { name: 'default', domain: {} } }),
        bad('auth.scope.project.domain', 'id or a name'),
      ),
      refused(
        'a project in another domain by name',
        passwordBody({ project: { name: 'default', domain: { name: 'other' } } }),
        forbidden,
      ),
      refused(
        'a project in another domain by id',
        passwordBody({ project: { name: 'default', domain: { id: 'other' } } }),
        forbidden,
      ),
      refused(
        'a wrong password, which is checked before the project in another domain',
        passwordBody({ project: { name: 'default', domain: { name: 'other' } } }, { name: 'admin', password: 'no' }),
        wrong,
      ),
      refused(
        'a wrong password, which is checked before the unknown project',
        passwordBody({ project: { name: 'no' } }, { name: 'admin', password: 'no' }),
        wrong,
      ),
      refused('a body without auth', {}, bad('auth', 'required')),
      refused('a body without identity', { auth: {} }, bad('auth.identity', 'required')),
      refused(
        'a body without methods',
        { auth: { identity: { password: {} } } },
        bad('auth.identity.methods', 'required'),
      ),
      ...(
        [
          ['the method token', ['token'], ' (got "token")'],
          ['a second method beside the password', ['password', 'totp'], ' (got "totp")'],
          // It may be a password in the wrong place.
          ['an unknown method, which is not shown', ['geheim'], ''],
          ['a method that is a number', [7], ''],
        ] as const
      ).map(([name, methods, got]) =>
        refused(
          name,
          { auth: { identity: { methods, token: { id: 'x' } } } },
          iamError(
            400,
            'Bad Request',
            `The request body is invalid auth.identity.methods: only password is understood${got}.`,
          ),
        ),
      ),
      refused(
        'no method',
        { auth: { identity: { methods: [], password: {} } } },
        bad('auth.identity.methods', 'at least 1 item'),
      ),
      refused(
        'a user that is a string',
        { auth: { identity: { methods: ['password'], password: { user: 'admin' } } } },
        bad('user', 'an object'),
      ),
      refused('a name that is a number', user({ name: 7 }), bad('auth.identity.password.user.name', 'a string')),
      refused('a scope that is a string', passwordBody('project'), bad('auth.scope', 'an object')),
      refused('the body null', 'null', bad('body', 'an object')),
      refused('an array as body', '[]', bad('body', 'an object')),
      refused('invalid JSON', '{', bad('body', 'JSON')),
      refused('an empty body', '', iamError(400, 'Bad Request', 'The request body is invalid')),
    ],
  )

  it('a password that is too long or not a string is refused without being shown', async () => {
    for (const password of ['geheim'.repeat(200), ['geheim'], { geheim: 1 }]) {
      const answer = await service.call('POST', PATH, { body: user({ name: 'admin', password }), token: null })
      expect(answer.status).toBe(400)
      expect(answer.body.error.message).toContain('auth.identity.password.user.password')
      expect(answer.text).not.toContain('geheim')
    }
  })

  it('a project without a role of the user is refused like a project that does not exist', async () => {
    const strict = await startWithUsers()
    try {
      const none = (await logIn(strict, 'guest', 'default')).answer
      const unknown = (await logIn(strict, 'guest', 'no')).answer
      expect([none.status, none.text]).toEqual([403, unknown.text])
      expect((await logIn(strict, 'guest', 'guests')).answer.status).toBe(201)
      // No role in the domain.
      expect((await logIn(strict, 'guest', undefined)).answer.status).toBe(403)
    } finally {
      await strict.stop()
    }
  })
})

it('no answer body contains a password or a token', async () => {
  const answer = await service.call('POST', PATH, { body: passwordBody(), token: null })
  expect(answer.text).not.toContain(ADMIN_PASSWORD)
  expect(answer.text).not.toContain(answer.headers.get('x-subject-token') as string)
})
